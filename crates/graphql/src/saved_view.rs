//! Saved views: a question and how its answer is shown, under a name; shared with the company, or one's own.

use async_graphql::{Context, Error, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use domain::access::{self, Action};
use domain::audit::AuditAction;
use domain::ids::SavedViewId;
use store::{PRIVATE_VIEWS_MAX, SHARED_VIEWS_MAX, TenantAccess};

use crate::error::ApiError;
use crate::membership::Change;
use crate::mutation::UserError;
use crate::services::{RequestState, require};

/// Characters of a view's name.
const NAME_CHARS_MAX: usize = 60;
/// Bytes of what a view holds.
const CONTENT_BYTES_MAX: usize = 4 * 1_024;

/// A question and how its answer is shown, under a name.
#[derive(SimpleObject)]
pub(crate) struct SavedView {
    /// Tells it from others of the company.
    id: ID,
    /// What people call it.
    name: String,
    /// What the page kept: a JSON object with the query text, columns, range and order, as it was given.
    content: String,
    /// Whether everybody in the company has it.
    is_shared: bool,
    /// Whether the viewer made it.
    is_own: bool,
    /// Whether the viewer may change and remove it.
    viewer_may_change: bool,
    /// The address of who made it, as it was then.
    made_by: String,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it was last changed.
    changed_at: DateTime<Utc>,
}

impl SavedView {
    fn new(ctx: &Context<'_>, role: access::Role, view: store::SavedView) -> Self {
        let viewer = RequestState::of(ctx).person().ok().map(|person| person.user);
        let is_own = viewer.is_some() && view.owner == viewer;
        Self {
            viewer_may_change: viewer.is_some() && access::may_change_view(role, is_own, view.is_shared),
            id: ID(view.id.to_string()),
            name: view.name,
            content: view.content,
            is_shared: view.is_shared,
            is_own,
            made_by: view.owner_email,
            created_at: view.created_at,
            changed_at: view.changed_at,
        }
    }

    /// Those that the viewer sees in the company of `access`.
    pub(crate) async fn load_all(ctx: &Context<'_>, access: TenantAccess) -> Result<Vec<Self>, Error> {
        require(&access, Action::ReadCalls)?;
        let state = RequestState::of(ctx);
        let person = state.person().ok().map(|person| person.user);
        let tx = state.begin(&access).await.map_err(ApiError::from)?;
        let views = tx.saved_views(person).await.map_err(ApiError::from)?;
        Ok(views.into_iter().map(|view| Self::new(ctx, access.role(), view)).collect())
    }
}

/// A view to be kept.
#[derive(InputObject)]
pub(crate) struct CreateSavedViewInput {
    /// The company; without one, the viewer's only one.
    company_id: Option<ID>,
    /// What people will call it: 1 to 60 characters.
    name: String,
    /// A JSON object of at most 4 KiB.
    content: String,
    /// Whether everybody in the company has it.
    #[graphql(default = false)]
    is_shared: bool,
}

/// A view to be changed.
#[derive(InputObject)]
pub(crate) struct UpdateSavedViewInput {
    /// The company; without one, the viewer's only one.
    company_id: Option<ID>,
    /// The view.
    view_id: ID,
    /// Its name from now on; without one it stays.
    name: Option<String>,
    /// What it holds from now on; without it, it stays.
    content: Option<String>,
    /// Whether everybody in the company has it from now on; without it, it stays.
    is_shared: Option<bool>,
}

/// A view to be removed.
#[derive(InputObject)]
pub(crate) struct DeleteSavedViewInput {
    /// The company; without one, the viewer's only one.
    company_id: Option<ID>,
    /// The view.
    view_id: ID,
}

/// A view that was kept.
#[derive(SimpleObject)]
pub(crate) struct CreateSavedViewPayload {
    /// The view; null when none was kept.
    saved_view: Option<SavedView>,
    /// What went wrong.
    user_errors: Vec<UserError>,
}

/// A view that was changed.
#[derive(SimpleObject)]
pub(crate) struct UpdateSavedViewPayload {
    /// The view; null when nothing was changed.
    saved_view: Option<SavedView>,
    /// What went wrong.
    user_errors: Vec<UserError>,
}

/// A view that was removed.
#[derive(SimpleObject)]
pub(crate) struct DeleteSavedViewPayload {
    /// Its id; null when nothing was removed.
    deleted_saved_view_id: Option<ID>,
    /// What went wrong.
    user_errors: Vec<UserError>,
}

/// Changes of saved views.
#[derive(Default)]
pub(crate) struct SavedViewMutation;

/// Changes of saved views.
#[Object]
impl SavedViewMutation {
    /// Keeps a view. Who only reads calls keeps views for themselves.
    async fn create_saved_view(
        &self,
        ctx: &Context<'_>,
        input: CreateSavedViewInput,
    ) -> Result<CreateSavedViewPayload, Error> {
        let change = Change::begin(ctx, input.company_id.as_ref(), Some(Action::ReadCalls)).await?;
        let edge = change.state.services.edge;
        let view = store::SavedView {
            id: SavedViewId(edge.new_uuid()),
            name: input.name.trim().to_owned(),
            content: input.content,
            is_shared: input.is_shared,
            owner: Some(change.person.user),
            owner_email: change.person.email.clone(),
            created_at: edge.now(),
            changed_at: edge.now(),
        };
        Ok(match keep(ctx, change, None, view).await? {
            Ok(view) => CreateSavedViewPayload { saved_view: Some(view), user_errors: vec![] },
            Err(error) => CreateSavedViewPayload { saved_view: None, user_errors: vec![error] },
        })
    }

    /// Changes a view: one's own, or as an owner or admin one that is shared.
    async fn update_saved_view(
        &self,
        ctx: &Context<'_>,
        input: UpdateSavedViewInput,
    ) -> Result<UpdateSavedViewPayload, Error> {
        let change = Change::begin(ctx, input.company_id.as_ref(), Some(Action::ReadCalls)).await?;
        let known = match changeable(&change, &input.view_id).await? {
            Ok(known) => known,
            Err(error) => return Ok(UpdateSavedViewPayload { saved_view: None, user_errors: vec![error] }),
        };
        let mut view = known.clone();
        view.name = input.name.map_or(view.name, |name| name.trim().to_owned());
        view.content = input.content.unwrap_or(view.content);
        // What is left of somebody who is gone can be nobody's own.
        view.is_shared = input.is_shared.unwrap_or(view.is_shared) || view.owner != Some(change.person.user);
        view.changed_at = change.state.services.edge.now();
        Ok(match keep(ctx, change, Some(&known), view).await? {
            Ok(view) => UpdateSavedViewPayload { saved_view: Some(view), user_errors: vec![] },
            Err(error) => UpdateSavedViewPayload { saved_view: None, user_errors: vec![error] },
        })
    }

    /// Removes a view: one's own, or as an owner or admin one that is shared.
    async fn delete_saved_view(
        &self,
        ctx: &Context<'_>,
        input: DeleteSavedViewInput,
    ) -> Result<DeleteSavedViewPayload, Error> {
        let change = Change::begin(ctx, input.company_id.as_ref(), Some(Action::ReadCalls)).await?;
        let known = match changeable(&change, &input.view_id).await? {
            Ok(known) => known,
            Err(error) => {
                return Ok(DeleteSavedViewPayload { deleted_saved_view_id: None, user_errors: vec![error] });
            }
        };
        change.tx.remove_view(known.id).await.map_err(ApiError::from)?;
        if known.is_shared {
            change.note(AuditAction::SharedViewRemoved, &known.name, "").await?;
        }
        change.tx.commit().await.map_err(ApiError::from)?;
        Ok(DeleteSavedViewPayload { deleted_saved_view_id: Some(input.view_id), user_errors: vec![] })
    }
}

/// The view with this id, if the viewer sees it and may change it.
async fn changeable(change: &Change<'_>, id: &ID) -> Result<Result<store::SavedView, UserError>, ApiError> {
    let person = change.person.user;
    let known = match id.parse().map(SavedViewId) {
        Ok(id) => change.tx.saved_view(person, id).await?,
        Err(_) => None,
    };
    let Some(known) = known else {
        return Ok(Err(UserError::new(Some("viewId"), "NOT_FOUND", "There is no such view.")));
    };
    if !access::may_change_view(change.own_role(), known.owner == Some(person), known.is_shared) {
        let message = "Only who made this view, or an owner or admin, can change it. Save it as your own.";
        return Ok(Err(UserError::new(Some("viewId"), "NOT_YOURS", message)));
    }
    Ok(Ok(known))
}

/// Keeps a view that is new, or was `before`.
async fn keep(
    ctx: &Context<'_>,
    change: Change<'_>,
    before: Option<&store::SavedView>,
    view: store::SavedView,
) -> Result<Result<SavedView, UserError>, ApiError> {
    if let Err(error) = check(&change, before, &view).await? {
        return Ok(Err(error));
    }
    change.tx.keep_view(&view).await?;
    if view.is_shared || before.is_some_and(|before| before.is_shared) {
        let detail = if view.is_shared { "" } else { "private" };
        change.note(AuditAction::SharedViewKept, &view.name, detail).await?;
    }
    let role = change.own_role();
    change.tx.commit().await?;
    Ok(Ok(SavedView::new(ctx, role, view)))
}

/// Why a view cannot be kept as it is.
async fn check(
    change: &Change<'_>,
    before: Option<&store::SavedView>,
    view: &store::SavedView,
) -> Result<Result<(), UserError>, ApiError> {
    let chars = view.name.chars().count();
    if chars == 0 || chars > NAME_CHARS_MAX || view.name.chars().any(char::is_control) {
        let message = format!("A view's name has 1 to {NAME_CHARS_MAX} characters.");
        return Ok(Err(UserError::new(Some("name"), "INVALID", message)));
    }
    let is_object = || {
        serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&view.content).is_ok()
            && !view.content.contains('\0')
    };
    if view.content.len() > CONTENT_BYTES_MAX || !is_object() {
        let message = format!("A view holds a JSON object of at most {CONTENT_BYTES_MAX} bytes.");
        return Ok(Err(UserError::new(Some("content"), "INVALID", message)));
    }
    let becomes_shared = view.is_shared && !before.is_some_and(|before| before.is_shared);
    if becomes_shared && !access::allows(change.own_role(), Action::ShareViews) {
        let message = "Your role keeps views for itself. Ask an owner or admin to share one.";
        return Ok(Err(UserError::new(Some("isShared"), "NOT_ALLOWED", message)));
    }
    if before.is_some_and(|before| before.is_shared == view.is_shared) {
        return Ok(Ok(()));
    }
    let views = change.tx.saved_views(Some(change.person.user)).await?;
    let count = views.iter().filter(|one| one.is_shared == view.is_shared).count();
    let most = if view.is_shared { SHARED_VIEWS_MAX } else { PRIVATE_VIEWS_MAX };
    if i64::try_from(count).is_ok_and(|count| count >= most) {
        let message = format!("There are {most} such views already: remove one first.");
        return Ok(Err(UserError::new(None, "TOO_MANY", message)));
    }
    Ok(Ok(()))
}
