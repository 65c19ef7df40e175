"""Signs events with PyJWT, an implementation that is not ours. One JSON request a line, one JSON answer a line.

{"tokens": [{"payload": base64, "secret": text, "alg": "HS256", "headers": {}}]} -> ["compact token", ...]
{"mac": base64, "secret": base64, "hash": "sha256"}                              -> ["base64url of the MAC"]
"""

import base64
import hashlib
import hmac
import json
import sys

from jwt import api_jws


def answer(request):
    if "mac" in request:
        key = base64.b64decode(request["secret"])
        digest = hmac.new(key, base64.b64decode(request["mac"]), getattr(hashlib, request["hash"])).digest()
        return [base64.urlsafe_b64encode(digest).rstrip(b"=").decode()]
    return [
        api_jws.encode(
            base64.b64decode(token["payload"]),
            token["secret"],
            algorithm=token["alg"],
            headers=token["headers"],
        )
        for token in request["tokens"]
    ]


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
