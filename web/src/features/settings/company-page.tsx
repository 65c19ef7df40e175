import { useNavigate, useRouter } from '@tanstack/react-router';
import { useCompany } from '~/lib/company';
import { forgetSession } from '~/lib/session-end';
import { usePageTitle } from '~/lib/use-page-title';
import * as words from '~/words/settings';
import card from './card.module.css';
import { CompanyCard } from './company-card';
import { EndCompanyCard } from './end-company-card';
import { FactorRuleCard } from './factor-rule-card';
import { Card, SettingsPage } from './settings-page';
import { SingleSignOnCard } from './single-sign-on-card';

/** What the company says of itself, and how its people have to sign in. */
export function CompanyPage() {
  const company = useCompany();
  const router = useRouter();
  const navigate = useNavigate();
  usePageTitle(words.company, words.settings, company.name);
  const saved = async (slug: string) => {
    // Name, zone and end stand on every page: all of it is asked for anew.
    forgetSession();
    if (slug === company.slug) await router.invalidate();
    else
      await navigate({
        to: '/c/$company/settings/company',
        params: { company: slug },
        replace: true,
      });
  };
  return (
    <SettingsPage>
      {company.viewerMay.includes('MANAGE_COMPANY') ? (
        <CompanyCard company={company} onSaved={saved} />
      ) : (
        <Card title={words.company}>
          <dl className={card.pairs}>
            <dt>{words.companyName}</dt>
            <dd>{company.name}</dd>
            <dt>{words.addressOfPages}</dt>
            <dd>{words.pagesAt(company.slug)}</dd>
            <dt>{words.timeZone}</dt>
            <dd>{company.timeZone}</dd>
          </dl>
        </Card>
      )}
      {company.viewerMay.includes('MANAGE_SECURITY') && <FactorRuleCard companyId={company.id} />}
      {company.viewerMay.includes('MANAGE_SECURITY') && <SingleSignOnCard company={company} />}
      {company.viewerMay.includes('DELETE_COMPANY') && (
        <EndCompanyCard company={company} onChanged={() => saved(company.slug)} />
      )}
    </SettingsPage>
  );
}
