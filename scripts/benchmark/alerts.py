"""Distinct alerts, made of one of the samples."""

import datetime
import itertools
import json
import random

# The rule of the sample: a brute force by SSH, the attack that is seen most.
RULE = "5712"


def template(samples):
    """The sample as of now, with ADDRESS in place of the attacker's address and NUMBER in that of its number."""
    for line in samples.read_text().splitlines():
        alert = json.loads(line)
        if alert["rule"]["id"] == RULE:
            break
    address = alert["data"]["srcip"]
    alert["id"] = "1795161600.NUMBER"
    alert["timestamp"] = datetime.datetime.now().astimezone().strftime("%Y-%m-%dT%H:%M:%S.000%z")
    return json.dumps(alert, separators=(",", ":")).replace(address, "ADDRESS")


def distinct(template):
    """Alerts that differ from each other and from those of earlier runs, from some thousand attackers."""
    first = random.randrange(10**6) * 10**6
    for number in itertools.count(first):
        yield template.replace("ADDRESS", attacker(number)).replace("NUMBER", str(number)).encode()


def attacker(number):
    """One of 4,096 documentation addresses (RFC 5737, RFC 3849), as post.lua makes them too."""
    number %= 4096
    if number < 768:
        return ("192.0.2.%d", "198.51.100.%d", "203.0.113.%d")[number // 256] % (number % 256)
    return "2001:db8:0:%x::1" % number
