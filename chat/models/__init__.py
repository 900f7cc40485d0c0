from chat.models.allowance import Allowance
from chat.models.conversation import Conversation, Message, ToolCall
from chat.models.lead import Lead
from chat.models.question import Question

__all__ = ["Allowance", "Conversation", "Lead", "Message", "Question", "ToolCall"]
