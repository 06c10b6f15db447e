"""Bug: a reply is taken as it comes, and not compared with the one due.

Violates: CONTRACT, Output: a whole reply that is not the one due is a mismatch.
Public case: linsomniac/python-memcached#166, the next get returned the value of another key.
"""

from correct import run
import client_parts

client_parts.expect = lambda message, due: None
run()
