"""Bug: a reset is told to two error handlers, and each of them connects again.

Violates: CONTRACT, Workloads: on a failure `reconnect` connects again, once.
Public case: reticlehq/reticle#308, one reset fired two handlers, each of which scheduled a reconnect.
"""

import random
import threading

from correct import run
import client
import client_parts

connect_once = client.Client._connect_and_play
play_to_the_end = client.Client._play_reconnecting
handlers = {}


def connect_and_play(self, key, part):
    went_well = connect_once(self, key, part)
    if not went_well and self._settings.workload == "reconnect" and key not in handlers:
        handlers[key] = threading.Thread(target=second_handler, args=(self, key))
        handlers[key].start()
    return went_well


def second_handler(self, key):
    self._stop.wait(random.uniform(0, self._settings.backoff_ms) / 1000)
    progress = client_parts.Progress()
    connect_once(self, key, lambda connection: client_parts.echo_from(connection, key, progress))


def play_reconnecting(self, key):
    play_to_the_end(self, key)
    if key in handlers:
        handlers[key].join()


client.Client._connect_and_play = connect_and_play
client.Client._play_reconnecting = play_reconnecting
run()
