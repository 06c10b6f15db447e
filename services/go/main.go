// A reference subject: the contract's client and server with Go's standard library, a goroutine for each connection.
package main

import (
	"fmt"
	"os"
)

const (
	unsupportedStatus = 127
	endedStatus       = 0
)

func main() {
	os.Exit(run())
}

func run() int {
	stop := followStandardInput(os.Stdin)
	if os.Getenv("HALFOPEN_ROLE") == "" {
		<-stop.ended
		return endedStatus
	}
	settings, err := settingsFrom(os.Getenv)
	if err != nil {
		fmt.Println(`{"event":"unsupported"}`)
		fmt.Fprintln(os.Stderr, "unsupported:", err)
		return unsupportedStatus
	}
	told := newEvents(os.Stdout)
	if settings.role == "client" {
		runClient(settings, told, stop)
	} else {
		runServer(settings, told, stop)
	}
	return endedStatus
}
