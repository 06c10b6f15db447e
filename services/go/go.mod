module halfopen/subject

go 1.23
