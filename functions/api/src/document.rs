//! The description of the API, made from the same declarations as its routes.

use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

/// The description's frame.
#[derive(OpenApi)]
#[openapi(
    info(title = "Roost", description = "What people and programs can ask of the platform."),
    modifiers(&Bearer),
    security(("bearer" = [])),
)]
pub(crate) struct Document;

/// How callers say who they are.
struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let words = "A token of the website's sign-in (JWT), or one that a user made for a program (`roost_…`). The \
                     website names the user for whom it acts in `Roost-Act-For`.";
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(words)).build();
        let components = document.components.get_or_insert_with(Default::default);
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}
