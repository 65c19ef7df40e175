//! What our mails say. Plain text; names that people chose stand in quotes and were checked when they were typed, see
//! `domain::account`.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use store::Mail;

/// To somebody who signed up and has to show that the address is theirs.
pub(crate) fn verification(to: &str, url: &str) -> Mail {
    Mail {
        to: to.to_owned(),
        subject: "Confirm your e-mail address".to_owned(),
        text: format!(
            "Please confirm that this is your e-mail address for Trunkline:\n\n{url}\n\n\
             The link works once, for 24 hours. If you did not sign up, ignore this mail.\n"
        ),
    }
}

/// To somebody whose address was used to sign up though it has an account.
pub(crate) fn signed_up_again(to: &str, public_url: &str) -> Mail {
    Mail {
        to: to.to_owned(),
        subject: "You have an account already".to_owned(),
        text: format!(
            "Somebody signed up for Trunkline with your e-mail address, which has an account already.\n\
             Nothing about your account has changed. If it was you, sign in instead:\n\n{public_url}/signin\n\n\
             If you forgot your password, you can choose a new one there. If it was not you, ignore this mail.\n"
        ),
    }
}

/// To somebody who forgot the password.
pub(crate) fn password_reset(to: &str, url: &str) -> Mail {
    Mail {
        to: to.to_owned(),
        subject: "Choose a new password".to_owned(),
        text: format!(
            "Here you can choose a new password for Trunkline:\n\n{url}\n\n\
             The link works once, for 30 minutes, and signs you out everywhere. If you did not ask for it, ignore \
             this mail: your password stays as it is.\n"
        ),
    }
}

/// To somebody who wants to move their account to this address.
pub(crate) fn email_change(to: &str, url: &str) -> Mail {
    Mail {
        to: to.to_owned(),
        subject: "Confirm your new e-mail address".to_owned(),
        text: format!(
            "Please confirm that your Trunkline account shall have this e-mail address from now on:\n\n{url}\n\n\
             The link works once, for 24 hours. If you did not ask for it, ignore this mail.\n"
        ),
    }
}

/// To somebody to whose address another account was to be moved.
pub(crate) fn moved_here_again(to: &str) -> Mail {
    Mail {
        to: to.to_owned(),
        subject: "Your address has an account already".to_owned(),
        text: "Somebody asked to move another Trunkline account to your e-mail address, which has an account already.\n\
               Nothing about your account has changed. If it was you, choose another address. If it was not you, ignore \
               this mail.\n"
            .to_owned(),
    }
}

/// To the address that an account has left.
pub(crate) fn email_changed(to: &str, new: &str, url: &str) -> Mail {
    Mail {
        to: to.to_owned(),
        subject: "Your e-mail address was changed".to_owned(),
        text: format!(
            "Your Trunkline account has the e-mail address {new} from now on, and this one no more.\n\
             If it was you, there is nothing to do. If it was not you, take your account back:\n\n{url}\n\n\
             The link works for 7 days. It moves the account back to this address and signs everybody out of it; then \
             you choose a new password.\n"
        ),
    }
}

/// To somebody who is invited into a company.
pub(crate) fn invitation(to: &str, company: &str, inviter: &str, url: &str) -> Mail {
    Mail {
        to: to.to_owned(),
        subject: format!("Invitation to \u{201c}{company}\u{201d}"),
        text: format!(
            "{inviter} invites you to the calls of \u{201c}{company}\u{201d} on Trunkline:\n\n{url}\n\n\
             The link works once, for 7 days. If you do not know who that is, ignore this mail.\n"
        ),
    }
}

/// What was changed of how somebody signs in.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Changed {
    /// The password.
    Password,
    /// Codes are asked for from now on.
    FactorOn,
    /// Codes are asked for no more.
    FactorOff,
    /// There are other recovery codes.
    RecoveryCodes,
}

/// To somebody whose way to sign in was changed, from an address.
pub(crate) fn security_changed(
    to: &str,
    changed: Changed,
    from: IpAddr,
    at: DateTime<Utc>,
    public_url: &str,
) -> Mail {
    let what = match changed {
        Changed::Password => "Your password was changed",
        Changed::FactorOn => "Your second factor was turned on",
        Changed::FactorOff => "Your second factor was turned off",
        Changed::RecoveryCodes => "Your recovery codes were replaced",
    };
    let (from, at) = (from.to_canonical(), at.format("%-d %B %Y, %H:%M UTC"));
    Mail {
        to: to.to_owned(),
        subject: what.to_owned(),
        text: format!(
            "{what}, on {at}, from {from}.\n\nIf it was you, there is nothing to do. If it was not, somebody else is in \
             your account: choose a new password, which signs everybody out:\n\n{public_url}/forgot-password\n"
        ),
    }
}

/// To somebody who deleted their account.
pub(crate) fn account_deleted(to: &str) -> Mail {
    Mail {
        to: to.to_owned(),
        subject: "Your account was deleted".to_owned(),
        text: "Your Trunkline account was deleted, and you are in no company any more.\n\
               If it was not you, somebody knew your password: write to the owner of your company, who can invite you \
               again.\n"
            .to_owned(),
    }
}

/// To somebody who runs a company that an owner has deleted.
pub(crate) fn company_ends(to: &str, company: &str, who: &str, at: DateTime<Utc>, public_url: &str) -> Mail {
    let day = at.format("%-d %B %Y, %H:%M UTC");
    Mail {
        to: to.to_owned(),
        subject: format!("\u{201c}{company}\u{201d} will be deleted"),
        text: format!(
            "{who} has \u{201c}{company}\u{201d} deleted on Trunkline, with all of its calls, deliveries, people and \
             keys.\n\nIt stays as it is until {day}. Until then its calls can be exported, and an owner can keep it, \
             under Settings > Company:\n\n{public_url}\n"
        ),
    }
}

/// To the same when an owner keeps it.
pub(crate) fn company_stays(to: &str, company: &str, who: &str) -> Mail {
    Mail {
        to: to.to_owned(),
        subject: format!("\u{201c}{company}\u{201d} stays"),
        text: format!("{who} keeps \u{201c}{company}\u{201d} on Trunkline: it will not be deleted.\n"),
    }
}
