//! Which columns the list has: a form whose address is the choice.

use maud::{Markup, html};
use service::customer::{Column, Columns, CustomerQuery, Fields};

use super::list::changed;
use crate::ui::{Ui, figure};

/// The form of the columns: those chosen first, in their order, each with a way further to the front and to the back.
pub(super) fn columns(ui: &Ui<'_>, query: &CustomerQuery, fields: &Fields) -> Markup {
    let chosen = &query.columns;
    let others = Column::ALL.iter().copied().filter(|column| !chosen.contains(*column));
    let kept = query.pairs().into_iter().filter(|(name, _)| name != "after" && name != "cols");
    let move_link = |column: Column, to_front: bool| {
        let (key, sign) = if to_front { ("column-forward", "↑") } else { ("column-backward", "↓") };
        let name = ui.with(key, [("name", ui.t(column.title_key()).as_ref().into())]);
        html! {
            a href=(changed(query, |query| query.columns = chosen.moved(column, to_front))) aria-label=(name) title=(name) { (sign) }
        }
    };
    html! {
        details.tool {
            summary { (ui.t("columns")) span.count { (figure((chosen.all().len() + chosen.own().len()) as u64)) } }
            form.picks action="/customers" method="get" {
                @for (name, value) in kept { input type="hidden" name=(name) value=(value); }
                p.note { (ui.t("columns-why")) }
                ul {
                    @for (place, &column) in chosen.all().iter().enumerate() {
                        li {
                            label { input type="checkbox" name="cols" value=(column) checked; (ui.t(column.title_key())) }
                            @if place > 0 { (move_link(column, true)) }
                            @if place + 1 < chosen.all().len() { (move_link(column, false)) }
                        }
                    }
                    @for column in others {
                        li { label { input type="checkbox" name="cols" value=(column); (ui.t(column.title_key())) } }
                    }
                    @for field in fields.all().iter().filter(|field| !field.retired || chosen.own().contains(&field.code)) {
                        li { label { input type="checkbox" name="cols" value=(field.key()) checked[chosen.own().contains(&field.code)]; (field.name.of(ui.lang)) } }
                    }
                }
                div.actions {
                    button.primary type="submit" { (ui.t("columns-show")) }
                    @if !chosen.are_first() {
                        a.button href=(changed(query, |query| query.columns = Columns::default())) { (ui.t("columns-first")) }
                    }
                }
            }
        }
    }
}
