import { createFileRoute } from '@tanstack/react-router';
import { CallPage } from '~/features/calls/call-page';

export const Route = createFileRoute('/c/$company/calls/$callId')({ component: CallRoute });

function CallRoute() {
  const { callId } = Route.useParams();
  return <CallPage callId={callId} key={callId} />;
}
