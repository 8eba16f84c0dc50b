//! Icons, drawn with one line width on a grid of 16.

use maud::{Markup, html};

/// What an icon stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Icon {
    Today,
    Customers,
    Insight,
    Data,
    Segments,
    Collaborations,
    Programmes,
    Pool,
    Visits,
    Assignments,
    Duplicates,
    Access,
    Fields,
    Audit,
    Search,
    Language,
    Light,
    Dark,
    System,
    SignOut,
    Export,
    Close,
    Next,
    Person,
    Warning,
    Add,
}

/// An icon; it never stands without words, so that it is hidden from screen readers.
#[must_use]
pub fn icon(icon: Icon) -> Markup {
    let path = match icon {
        Icon::Today => {
            "M2.5 4l1.2 1.2L6 3M2.5 8.5l1.2 1.2L6 7.5M2.5 13l1.2 1.2L6 12M8.5 4.5h5M8.5 9h5M8.5 13.5h5"
        }
        Icon::Customers => {
            "M2.5 14V3.5l6-1.5v12M8.5 6h5v8M1.5 14h13M5 5.5h1M5 8h1M5 10.5h1M10.5 8.5h1M10.5 11h1"
        }
        Icon::Insight => "M2 14h12.5M4 11.5V8M7.5 11.5V3.5M11 11.5V6",
        Icon::Data => {
            "M3 4c0-1.1 2.2-2 5-2s5 .9 5 2-2.2 2-5 2-5-.9-5-2zM3 4v8c0 1.1 2.2 2 5 2s5-.9 5-2V4M3 8c0 1.1 2.2 2 5 2s5-.9 5-2"
        }
        Icon::Segments => "M6 2.500a4 4 0 1 0 0 8a4 4 0 0 0 0-8zM10 5.500a4 4 0 1 0 0 8a4 4 0 0 0 0-8z",
        Icon::Collaborations => "M2 5h8.500M8 2.500L10.500 5L8 7.500M14 11H5.500M8 8.500L5.500 11L8 13.500",
        // A flag at the head of those who follow it.
        Icon::Programmes => {
            "M4 14V2M4 2.500h8l-2 2.500l2 2.500H4M7.500 14a2.5 2.500 0 0 1 5 0M10 10.500a1 1 0 1 0 0-2a1 1 0 0 0 0 2z"
        }
        Icon::Visits => {
            "M2.500 3.500h11v10h-11zM2.500 6.500h11M5.500 2v3M10.500 2v3M5.500 10l1.800 1.800L11 8.500"
        }
        Icon::Pool => {
            "M2 6c2-1.500 4-1.500 6 0s4 1.500 6 0M2 10c2-1.500 4-1.500 6 0s4 1.500 6 0M2 14c2-1.500 4-1.500 6 0s4 1.500 6 0"
        }
        Icon::Assignments => "M2.500 3.500h6M2.500 7h6M2.500 10.500h4M10.500 12.500h4M12.500 10.500l2 2l-2 2",
        Icon::Duplicates => {
            "M2.500 2.500h7.500v8h-7.500zM6 10.500v3h7.500v-8H10M4.500 5.500h3.500M4.500 8h3.500"
        }
        Icon::Access => "M3.5 7h9v7h-9zM5.500 7V4.500a2.5 2.5 0 0 1 5 0V7M8 10v1.500",
        Icon::Fields => "M2.500 3h11v3.500h-11zM2.500 9.500h6V13h-6zM12 9v5M9.500 11.500h5",
        Icon::Audit => "M3.5 2h6l3 3v9h-9zM9.500 2v3h3M5.500 8h5M5.500 10.500h3",
        Icon::Search => "M7 2.500a4.5 4.5 0 1 0 0 9a4.5 4.5 0 0 0 0-9zM10.3 10.300L14 14",
        Icon::Language => {
            "M8 1.500a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13zM1.5 8h13M8 1.500c2 2 2.6 4.2 2.6 6.500S10 12.5 8 14.500M8 1.500C6 3.5 5.4 5.7 5.4 8S6 12.5 8 14.5"
        }
        Icon::Light => {
            "M8 5a3 3 0 1 0 0 6a3 3 0 0 0 0-6zM8 1v1.500M8 13.500V15M1 8h1.500M13.5 8H15M3 3l1.1 1.100M11.9 11.900L13 13M13 3l-1.1 1.100M4.1 11.900L3 13"
        }
        Icon::Dark => "M13.5 9.500A6 6 0 0 1 6.5 2.500a6 6 0 1 0 7 7z",
        Icon::System => "M2 3h12v8H2zM5.5 14h5M8 11v3",
        Icon::SignOut => "M6.5 2.500H3v11h3.500M6.5 8H14M11 5l3 3l-3 3",
        Icon::Export => "M8 2v8M5 7l3 3l3-3M2.5 11v2.500h11V11",
        Icon::Close => "M4 4l8 8M12 4l-8 8",
        Icon::Next => "M6 3l5 5l-5 5",
        Icon::Person => {
            "M8 2.500a2.7 2.7 0 1 0 0 5.400a2.7 2.7 0 0 0 0-5.400zM2.5 14c.6-2.8 2.8-4 5.5-4s4.9 1.2 5.5 4"
        }
        Icon::Add => "M8 3v10M3 8h10",
        Icon::Warning => "M8 2L14.5 13.500h-13zM8 6.500v3.500M8 11.500v.6",
    };
    html! {
        svg.icon viewBox="0 0 16 16" aria-hidden="true" { path d=(path) {} }
    }
}
