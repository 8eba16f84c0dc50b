//! The timeline: all that happened with a customer, whichever system or person brought it.

use crate::code::codes;
use crate::interaction::Channel;

codes! {
    /// A kind of entry: what a timeline can be narrowed to.
    pub enum TimelineKind ("timeline-kind") {
        /// 拜访.
        Visit = "visit",
        /// 电话.
        Call = "call",
        /// 邮件、传真和短信.
        Mail = "mail",
        /// 网站、营业厅和 APP.
        Desk = "desk",
        /// 工单.
        Ticket = "ticket",
        /// 订购: services and contracts.
        Order = "order",
        /// 阶段变化.
        Stage = "stage",
        /// 关系动作、关系评估和专班活动.
        Relation = "relation",
        /// 商机.
        Opportunity = "opportunity",
        /// 调研.
        Survey = "survey",
    }
}

impl TimelineKind {
    /// The channels whose contacts are of this kind; none for what is no contact.
    #[must_use]
    pub const fn channels(self) -> &'static [Channel] {
        match self {
            Self::Visit => &[Channel::Visit],
            Self::Call => &[Channel::Phone],
            Self::Mail => &[Channel::Email, Channel::Fax, Channel::Sms],
            Self::Desk => &[Channel::Web, Channel::Hall, Channel::App],
            _ => &[],
        }
    }

    /// The kind of a contact by its channel.
    #[must_use]
    pub const fn of_channel(channel: Channel) -> Self {
        match channel {
            Channel::Visit => Self::Visit,
            Channel::Phone => Self::Call,
            Channel::Email | Channel::Fax | Channel::Sms => Self::Mail,
            Channel::Web | Channel::Hall | Channel::App => Self::Desk,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_channel_is_of_one_kind() {
        for &channel in Channel::ALL {
            let of = TimelineKind::ALL.iter().filter(|kind| kind.channels().contains(&channel));
            assert_eq!(of.copied().collect::<Vec<_>>(), [TimelineKind::of_channel(channel)]);
        }
    }
}
