import json
import unittest

from settings import KeepAlive, Unsupported, settings_from


def settings(params=None, **variables):
    environment = {
        "HALFOPEN_CONTRACT": "1",
        "HALFOPEN_ROLE": "client",
        "HALFOPEN_WORKLOAD": "echo",
        "HALFOPEN_HOST": "localhost",
        "HALFOPEN_PORT": "7",
        "HALFOPEN_PARAMS": json.dumps(params or {}),
    }
    environment.update({f"HALFOPEN_{key}": value for key, value in variables.items()})
    return settings_from(environment)


class SettingsTest(unittest.TestCase):
    def test_defaults(self):
        """a missing key has the contract's default, an unknown key is ignored"""
        asked = settings({"colour": "blue"})
        self.assertEqual((asked.framing, asked.messages, asked.message_bytes, asked.seed), ("prefix32", 10, 1024, "0"))
        self.assertEqual((asked.connect_timeout_ms, asked.io_timeout_ms, asked.backlog), (1000, 1000, 511))
        self.assertEqual(settings_from_empty_params(), settings())

    def test_whole_numbers(self):
        """a number that JSON writes as 1e3 or 10.0 is whole"""
        self.assertEqual(settings(PARAMS='{"messages": 1e3, "paceMs": 10.0}')[5], 1000)

    def test_keep_alive(self):
        """keepalive times are rounded up to seconds"""
        asked = settings({"keepAlive": {"idleMs": 1001, "intervalMs": 1000, "count": 3}})
        self.assertEqual(asked.keep_alive, KeepAlive(2, 1, 3))

    def test_one_message_until_end(self):
        """until-end has one message a connection, and upload is until-end whatever the framing says"""
        self.assertEqual(settings({"framing": "until-end"}).messages, 1)
        upload = settings({"framing": "ascii5"}, WORKLOAD="upload")
        self.assertEqual((upload.framing, upload.messages), ("until-end", 1))

    def test_unsupported_values(self):
        """a wrong type, a value out of range or a combination that cannot be is unsupported"""
        for params in (
            {"messages": "10"},
            {"messages": True},
            {"messages": 1.5},
            {"messages": -1},
            {"messageBytes": 0},
            {"concurrency": 0},
            {"seed": 7},
            {"framing": "xml"},
            {"framing": None},
            {"content": "noise"},
            {"trace": 1},
            {"keepAlive": True},
            {"keepAlive": {"idleMs": 1000}},
            {"framing": "delimited"},
            {"framing": "ascii5", "messageBytes": 100000},
        ):
            with self.assertRaises(Unsupported, msg=str(params)):
                settings(params)

    def test_unsupported_variables(self):
        """an unknown version, role or workload, a port that is none and broken JSON are unsupported"""
        for name, value in (
            ("CONTRACT", "2"),
            ("CONTRACT", ""),
            ("ROLE", "proxy"),
            ("WORKLOAD", "juggle"),
            ("HOST", ""),
            ("PORT", "70000"),
            ("PORT", "-1"),
            ("PORT", "http"),
            ("PORT", ""),
            ("PARAMS", "{"),
            ("PARAMS", "[]"),
            ("PARAMS", '{"messages": NaN}'),
        ):
            with self.assertRaises(Unsupported, msg=f"{name}={value}"):
                settings(**{name: value})
        with self.assertRaises(Unsupported):
            settings({"framing": "typed"}, WORKLOAD="idle")


def settings_from_empty_params():
    return settings(PARAMS="")
