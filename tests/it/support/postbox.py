"""A mail server by aiosmtpd, which is not ours. Prints the port, then each mail as JSON; the first argument says how many
mails are put off before one is taken."""

import email
import email.policy
import json
import sys

from aiosmtpd.controller import Controller


class Postbox:
    put_off = int(sys.argv[1])

    async def handle_DATA(self, server, session, envelope):
        if Postbox.put_off > 0:
            Postbox.put_off -= 1
            return "451 try again later"
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        heads = {name.lower(): str(value) for name, value in mail.items()}
        said = {"from": envelope.mail_from, "to": envelope.rcpt_tos, "heads": heads, "text": mail.get_content()}
        print(json.dumps(said), flush=True)
        return "250 taken"


# The system gives the port; the controller's own check connects to the one that it was asked for.
class AnyPort(Controller):
    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


controller = AnyPort(Postbox(), hostname="127.0.0.1", port=0)
controller.start()
print(json.dumps(controller.port), flush=True)
# Until the test has closed our input.
sys.stdin.read()
controller.stop()
