//! The frame around a page: navigation by job, search, language, theme, who is signed in.

use domain::policy::Action;
use domain::{Arg, Lang};
use maud::{DOCTYPE, Markup, html};
use service::Actor;

use super::{Icon, Theme, Ui, icon};
use crate::assets;

/// A room of the product: what the navigation leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// 工作台.
    Today,
    /// 客户.
    Customers,
    /// 拜访.
    Visits,
    /// 公海.
    Pool,
    /// 名单.
    Assignments,
    /// 疑似重复.
    Duplicates,
    /// 协同.
    Collaborations,
    /// 专班.
    Programmes,
    /// 洞察.
    Insight,
    /// 细分.
    Segments,
    /// 数据.
    Data,
    /// 权限.
    Access,
    /// 自定义字段.
    Fields,
    /// 审计.
    Audit,
    /// 用户.
    Users,
}

impl Room {
    const ALL: [Self; 15] = [
        Self::Today,
        Self::Customers,
        Self::Visits,
        Self::Pool,
        Self::Assignments,
        Self::Duplicates,
        Self::Collaborations,
        Self::Programmes,
        Self::Insight,
        Self::Segments,
        Self::Data,
        Self::Access,
        Self::Fields,
        Self::Audit,
        Self::Users,
    ];

    /// The rooms open to someone.
    pub fn open_to(actor: &Actor) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|room| actor.may(room.action()))
    }

    /// Where it is.
    #[must_use]
    pub const fn address(self) -> &'static str {
        match self {
            Self::Today => "/",
            Self::Customers => "/customers",
            Self::Visits => "/visits",
            Self::Pool => "/pool",
            Self::Assignments => "/assignments",
            Self::Duplicates => "/duplicates",
            Self::Collaborations => "/collaborations",
            Self::Programmes => "/programmes",
            Self::Insight => "/insight",
            Self::Segments => "/segments",
            Self::Data => "/data",
            Self::Access => "/access",
            Self::Fields => "/fields",
            Self::Audit => "/audit",
            Self::Users => "/users",
        }
    }

    const fn action(self) -> Action {
        match self {
            Self::Today => Action::ViewToday,
            Self::Customers | Self::Collaborations | Self::Programmes => Action::ViewCustomers,
            Self::Visits => Action::LogContacts,
            Self::Pool => Action::ClaimCustomers,
            Self::Assignments => Action::AssignCustomers,
            Self::Duplicates => Action::MergeCustomers,
            Self::Insight => Action::ViewInsight,
            Self::Segments => Action::BuildSegments,
            Self::Data => Action::ViewData,
            Self::Access => Action::GrantSight,
            Self::Fields => Action::DefineFields,
            Self::Audit => Action::ViewAudit,
            Self::Users => Action::Administer,
        }
    }

    pub(crate) const fn name_key(self) -> &'static str {
        match self {
            Self::Today => "nav-today",
            Self::Customers => "nav-customers",
            Self::Visits => "nav-visits",
            Self::Pool => "nav-pool",
            Self::Assignments => "nav-assignments",
            Self::Duplicates => "nav-duplicates",
            Self::Collaborations => "nav-collaborations",
            Self::Programmes => "nav-programmes",
            Self::Insight => "nav-insight",
            Self::Segments => "nav-segments",
            Self::Data => "nav-data",
            Self::Access => "nav-access",
            Self::Fields => "nav-fields",
            Self::Audit => "nav-audit",
            Self::Users => "nav-users",
        }
    }

    const fn icon(self) -> Icon {
        match self {
            Self::Today => Icon::Today,
            Self::Customers => Icon::Customers,
            Self::Visits => Icon::Visits,
            Self::Pool => Icon::Pool,
            Self::Assignments => Icon::Assignments,
            Self::Duplicates => Icon::Duplicates,
            Self::Collaborations => Icon::Collaborations,
            Self::Programmes => Icon::Programmes,
            Self::Insight => Icon::Insight,
            Self::Segments => Icon::Segments,
            Self::Data => Icon::Data,
            Self::Access => Icon::Access,
            Self::Fields => Icon::Fields,
            Self::Audit => Icon::Audit,
            Self::Users => Icon::Person,
        }
    }
}

/// A page within the frame.
#[must_use]
pub fn page(ui: &Ui<'_>, room: Option<Room>, title: &str, body: Markup) -> Markup {
    shell(
        ui,
        title,
        html! {
            a.skip href="#main" { (ui.t("skip-to-content")) }
            @if let Some(actor) = ui.actor {
                (side(ui, actor, room))
                (top(ui, actor))
            }
            main #main tabindex="-1" { (body) }
        },
    )
}

/// A page without the frame, for people who are not signed in.
#[must_use]
pub fn bare(ui: &Ui<'_>, title: &str, body: Markup) -> Markup {
    shell(
        ui,
        title,
        html! {
            div.bare {
                main #main tabindex="-1" { (body) }
                footer.switches { (language_switch(ui)) (theme_switch(ui)) }
            }
        },
    )
}

fn shell(ui: &Ui<'_>, title: &str, body: Markup) -> Markup {
    let theme = (ui.theme != Theme::System).then(|| ui.theme.name());
    html! {
        (DOCTYPE)
        html lang=(ui.lang.tag()) data-theme=[theme] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · " (ui.t("product")) }
                link rel="icon" type="image/svg+xml" href=(assets::icon().address());
                link rel="stylesheet" href=(assets::stylesheet().address());
                script src=(assets::script().address()) defer {}
            }
            body { (body) }
        }
    }
}

fn side(ui: &Ui<'_>, actor: &Actor, room: Option<Room>) -> Markup {
    html! {
        nav.side aria-label=(ui.t("nav-label")) {
            a.brand href="/" { (mark()) span { (ui.t("product")) } }
            ul {
                @for open in Room::open_to(actor) {
                    li {
                        a href=(open.address()) aria-current=[(room == Some(open)).then_some("page")] {
                            (icon(open.icon())) span { (ui.t(open.name_key())) }
                        }
                    }
                }
            }
        }
    }
}

fn top(ui: &Ui<'_>, actor: &Actor) -> Markup {
    html! {
        header.top {
            a.brand href="/" { (mark()) span { (ui.t("product")) } }
            @if actor.may(Action::ViewCustomers) {
                form.search action="/search" method="get" role="search" {
                    (icon(Icon::Search))
                    input type="search" name="q" autocomplete="off" maxlength="100"
                        aria-label=(ui.t("search-label")) placeholder=(ui.t("search-placeholder"));
                    kbd aria-hidden="true" { "/" }
                }
                (palette(ui))
            }
            div.switches { (language_switch(ui)) (theme_switch(ui)) }
            div.me {
                a.who href="/account" title=(ui.t("account-title")) {
                    (icon(Icon::Person))
                    strong { (actor.name) }
                    small { (ui.with("me-role-at-unit", [
                        ("role", Arg::Key(actor.role.text_key())),
                        ("unit", actor.unit.name.as_str().into()),
                    ])) }
                }
                form method="post" action="/logout" {
                    button.quiet type="submit" title=(ui.t("sign-out")) aria-label=(ui.t("sign-out")) {
                        (icon(Icon::SignOut))
                    }
                }
            }
        }
    }
}

/// Where the script shows what is found and what can be done while one types; nothing without it.
fn palette(ui: &Ui<'_>) -> Markup {
    html! {
        dialog.palette aria-label=(ui.t("search")) {
            form action="/search" method="get" role="search" {
                (icon(Icon::Search))
                input type="search" name="q" autocomplete="off" maxlength="100" role="combobox" aria-expanded="true"
                    aria-autocomplete="list" aria-controls="palette-found" aria-label=(ui.t("search-label"))
                    placeholder=(ui.t("palette-placeholder"));
            }
            div.found #palette-found role="listbox" aria-label=(ui.t("search-found")) {}
            p.note { (ui.t("palette-keys")) }
        }
    }
}

/// The tag and the own name of the language that one is not reading.
pub(crate) const fn other_language(ui: &Ui<'_>) -> (&'static str, &'static str) {
    match ui.lang {
        Lang::ZhCn => (Lang::En.tag(), "English"),
        Lang::En => (Lang::ZhCn.tag(), "中文"),
    }
}

fn language_switch(ui: &Ui<'_>) -> Markup {
    let (tag, name) = other_language(ui);
    html! {
        a.quiet href=(ui.here_with("lang", tag)) lang=(tag) hreflang=(tag) {
            (icon(Icon::Language)) (name)
        }
    }
}

fn theme_switch(ui: &Ui<'_>) -> Markup {
    let (next, picture, key) = match ui.theme {
        Theme::System => (Theme::Light, Icon::System, "theme-is-system"),
        Theme::Light => (Theme::Dark, Icon::Light, "theme-is-light"),
        Theme::Dark => (Theme::System, Icon::Dark, "theme-is-dark"),
    };
    html! {
        a.quiet href=(ui.here_with("theme", next.name())) title=(ui.t(key)) aria-label=(ui.t(key)) {
            (icon(picture))
        }
    }
}

/// The product's mark: a relation that rises, holds and is caught before it falls.
fn mark() -> Markup {
    html! {
        svg.mark viewBox="0 0 24 24" aria-hidden="true" {
            rect width="24" height="24" rx="6" {}
            path d="M4.5 17C8 17 8 8 12 8s3 5 4.5 5 1.5-3 3-5" {}
            circle cx="19.5" cy="8" r="1.8" {}
        }
    }
}
