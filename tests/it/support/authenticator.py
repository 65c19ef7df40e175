"""An authenticator app: prints the code of a secret, some seconds from now (RFC 6238)."""
import base64
import hashlib
import hmac
import struct
import sys
import time

secret, seconds = sys.argv[1], int(sys.argv[2])
key = base64.b32decode(secret + "=" * (-len(secret) % 8))
digest = hmac.new(key, struct.pack(">Q", int(time.time() + seconds) // 30), hashlib.sha1).digest()
at = digest[-1] & 15
print("%06d" % ((struct.unpack(">I", digest[at : at + 4])[0] & 0x7FFFFFFF) % 1000000))
