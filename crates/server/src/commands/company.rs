//! `trunkline company create`: what signing up does, for operators and scripts.

use std::sync::Arc;

use accounts::{AccountService, Mailing, NewCompanyRequest};
use clap::{Args, Subcommand};
use domain::ids::{Credential, GlobalId};
use serde::Serialize;
use store::Accounts;

use super::{Format, print_result};
use crate::config::Settings;
use crate::database::Database;
use crate::edge::edge;

/// Manage companies.
#[derive(Subcommand)]
pub(crate) enum CompanyCommand {
    /// Make a company with its owner, endpoint and API key, and print them once.
    Create(CreateArguments),
}

/// Arguments of `trunkline company create`.
#[derive(Args)]
pub(crate) struct CreateArguments {
    /// The company's name.
    #[arg(long)]
    name: String,
    /// The owner's e-mail address.
    #[arg(long)]
    owner_email: String,
    /// The owner's password; made and printed when it is left out.
    #[arg(long)]
    owner_password: Option<String>,
    /// The company's IANA time zone.
    #[arg(long, default_value = "UTC")]
    time_zone: String,
}

/// What was made. The secret and the key are shown this once.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Created {
    pub(crate) company_id: String,
    pub(crate) slug: String,
    pub(crate) request_url: String,
    pub(crate) secret: String,
    pub(crate) api_key: String,
    pub(crate) owner_email: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) owner_password: Option<String>,
}

/// Runs the command.
///
/// # Errors
/// With a sentence for the person who ran it.
pub(crate) async fn run(
    command: CompanyCommand,
    settings: &Settings,
    database: &Database,
    format: Format,
) -> anyhow::Result<()> {
    let CompanyCommand::Create(create_arguments) = command;
    let configured = (!settings.public_url.is_empty()).then_some(settings.public_url.as_str());
    let served_at = store::migrate(&database.logins, configured).await?;
    let public_url = match served_at {
        Some(url) => url,
        None => settings.public_url(settings.listen_address()?),
    };
    let places = settings.provider_places(&public_url)?;
    let mailing = Mailing { public_url: public_url.clone(), queued: Arc::default() };
    let service = AccountService::new(
        Accounts::new(&database.logins),
        database.logins.keys().device_key(),
        edge(),
        mailing,
        places,
        None,
    );
    let created = create(&service, &create_arguments, &public_url).await?;
    let text = format!(
        "Company      {}\nRequest URL  {}\nSecret       {}\nAPI key      {}\nSign in      {}/signin as {}{}",
        created.company_id,
        created.request_url,
        created.secret,
        created.api_key,
        public_url,
        created.owner_email,
        created.owner_password.as_ref().map(|password| format!(" with {password}")).unwrap_or_default()
    );
    print_result(format, &created, &text);
    Ok(())
}

/// Makes a company and an API key.
///
/// # Errors
/// What signing up answers.
pub(crate) async fn create(
    service: &AccountService,
    arguments: &CreateArguments,
    public_url: &str,
) -> anyhow::Result<Created> {
    let made_up = arguments.owner_password.is_none().then(|| {
        let random = Credential::new_session(edge().random());
        random.reveal().chars().take(20).collect::<String>()
    });
    let password = arguments.owner_password.as_deref().or(made_up.as_deref()).unwrap_or_default();
    let request = NewCompanyRequest {
        company_name: &arguments.name,
        email: &arguments.owner_email,
        password,
        time_zone: &arguments.time_zone,
    };
    let company = service.create_company(request).await?;
    let api_key = service.create_api_key(&company.access, "Made with the company").await?;
    Ok(Created {
        company_id: GlobalId::Company(company.access.tenant()).encode(),
        slug: company.slug,
        request_url: format!("{public_url}/hooks/{}", company.token.as_str()),
        secret: String::from_utf8_lossy(company.secret.expose_bytes()).into_owned(),
        api_key: api_key.reveal().to_owned(),
        owner_email: arguments.owner_email.clone(),
        owner_password: made_up,
    })
}

impl CreateArguments {
    /// A company with a password that is made up.
    pub(crate) fn new(name: &str, owner_email: &str, time_zone: &str) -> Self {
        Self {
            name: name.to_owned(),
            owner_email: owner_email.to_owned(),
            owner_password: None,
            time_zone: time_zone.to_owned(),
        }
    }
}
