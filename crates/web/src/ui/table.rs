//! Tables of which each row becomes a card on a phone.

use maud::{Markup, html};

use super::Ui;

/// The text key of a column's name, none for what is done with a row, and the class of its cells.
pub type Column = (&'static str, &'static str);

/// A row: a cell for each column.
pub struct Row<const N: usize> {
    class: Option<&'static str>,
    cells: [Markup; N],
}

impl<const N: usize> Row<N> {
    /// A row of a class of its own.
    #[must_use]
    pub fn of(class: &'static str, cells: [Markup; N]) -> Self {
        Self { class: Some(class), cells }
    }
}

impl<const N: usize> From<[Markup; N]> for Row<N> {
    fn from(cells: [Markup; N]) -> Self {
        Self { class: None, cells }
    }
}

/// A table by columns and rows; the first cell names its row. On a phone the others stand below it, each under the
/// name of its column.
#[must_use]
pub fn table<const N: usize, R: Into<Row<N>>>(
    ui: &Ui<'_>,
    columns: [Column; N],
    rows: impl IntoIterator<Item = R>,
    foot: Option<[Markup; N]>,
) -> Markup {
    html! {
        table.list.cards {
            thead {
                tr {
                    @for (name, class) in columns {
                        @if name.is_empty() { td {} } @else { th scope="col" class=(class) { (ui.t(name)) } }
                    }
                }
            }
            tbody { @for row in rows { (draw(ui, &columns, row.into())) } }
            @if let Some(cells) = foot { tfoot { (draw(ui, &columns, cells.into())) } }
        }
    }
}

fn draw<const N: usize>(ui: &Ui<'_>, columns: &[Column; N], row: Row<N>) -> Markup {
    html! {
        tr class=[row.class] {
            @for (place, ((name, class), cell)) in columns.iter().zip(row.cells).enumerate() {
                @if place == 0 { th scope="row" class=(class) { (cell) } }
                @else { td class=(class) data-label=[(!name.is_empty()).then(|| ui.t(name))] { (cell) } }
            }
        }
    }
}
