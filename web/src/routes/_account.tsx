import { createFileRoute, Outlet } from '@tanstack/react-router';

// The pages of the signed-out stand apart from the company pages and load none of their code.
export const Route = createFileRoute('/_account')({ component: Outlet });
