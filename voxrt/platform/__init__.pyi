# Made by `python -m voxrt.scenario.stubs` from the platform's API surface; do not edit.
# ruff: noqa
# fmt: off
"""The globals of a VoxEngine scenario, for type checkers and editors."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import (
    Any, Final, Generic, Literal, Required, TypeAlias, TypedDict, TypeVar, Unpack, overload
)

from voxrt.platform._lists import ASRModelList as ASRModelList
from voxrt.platform._lists import ASRProfileList as ASRProfileList
from voxrt.platform._lists import VoiceList as VoiceList

class _Struct:
    """A plain object of the platform: its fields are attributes and items."""

    def get(self, name: str, default: Any = ..., /) -> Any: ...
    def __contains__(self, name: object, /) -> bool: ...
    def __iter__(self) -> Iterator[str]: ...
    def __len__(self) -> int: ...

class _Names(type):
    """An enum or a list of constants: iterating over it gives its names."""

    def __contains__(self, name: object, /) -> bool: ...
    def __getitem__(self, name: str, /) -> Any: ...
    def __iter__(self) -> Iterator[str]: ...

_E = TypeVar("_E")

class _JSON:
    def stringify(self, value: object, *rest: object) -> str: ...
    def parse(self, text: str) -> Any: ...

JSON: _JSON

class _Date:
    """The session's clock, in UTC."""

    def __call__(self) -> datetime: ...
    def now(self) -> int: ...

Date: _Date

class _EventName(Generic[_E]):
    """The name of an event; a string at run time. `_E` is what its handlers get."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

class _ACDEventsName(_EventName[_E], Generic[_E]): ...
class _AMD_EventsName(_EventName[_E], Generic[_E]): ...
class _AppEventsName(_EventName[_E], Generic[_E]): ...
class _ASREventsName(_EventName[_E], Generic[_E]): ...
class _CallEventsName(_EventName[_E], Generic[_E]): ...
class _ConferenceEventsName(_EventName[_E], Generic[_E]): ...
class _Grok_EventsName(_EventName[_E], Generic[_E]): ...
class _Grok_VoiceAgentAPIEventsName(_EventName[_E], Generic[_E]): ...
class _PlayerEventsName(_EventName[_E], Generic[_E]): ...
class _RecorderEventsName(_EventName[_E], Generic[_E]): ...
class _SequencePlayerEventsName(_EventName[_E], Generic[_E]): ...
class _SmartQueueEventsName(_EventName[_E], Generic[_E]): ...
class _StreamingAgentEventsName(_EventName[_E], Generic[_E]): ...
class _WebSocketEventsName(_EventName[_E], Generic[_E]): ...
class ACDEvents(metaclass=_Names):
    OperatorReached: Final[_ACDEventsName[_ACDReachedEvent]]
    OperatorCallAttempt: Final[_ACDEventsName[_ACDCallAttempt]]
    OperatorFailed: Final[_ACDEventsName[_ACDFailedEvent]]
    Error: Final[_ACDEventsName[_ACDErrorEvent]]
    Waiting: Final[_ACDEventsName[_ACDWaitingEvent]]
    Queued: Final[_ACDEventsName[_ACDQueuedEvent]]
    Offline: Final[_ACDEventsName[_ACDOfflineEvent]]
    QueueFull: Final[_ACDEventsName[_ACDQueueFullEvent]]

class AppEvents(metaclass=_Names):
    CallAlerting: Final[_AppEventsName[_CallAlertingEvent]]
    Terminating: Final[_AppEventsName[_TerminatingEvent]]
    Terminated: Final[_AppEventsName[_TerminatedEvent]]
    Started: Final[_AppEventsName[_StartedEvent]]
    HttpRequest: Final[_AppEventsName[_HttpRequestEvent]]
    WebSocket: Final[_AppEventsName[_NewWebSocketEvent]]
    NewWebSocketFailed: Final[_AppEventsName[_NewWebSocketFailedEvent]]

class ASRDictionary(metaclass=_Names):
    ADDRESS_RU: Final = "asr-dict-address-ru"
    ADDRESS_TR: Final = "asr-dict-address-tr"
    ADDRESS: Final = "asr-dict-yand-maps"
    NOTES: Final = "asr-dict-yand-notes"
    SEARCH_QUERIES: Final = "asr-dict-yand-queries"
    MUSIC: Final = "asr-dict-yand-music"
    ECOMMERCE: Final = "asr-dict-yand-buying"
    NUMBERS_RU: Final = "asr-dict-yand-numbers"
    GENERAL_RU: Final = "asr-dict-yand-general"
    DATE_RU: Final = "asr-dict-yand-dates"
    NAMES_RU: Final = "asr-dict-yand-names"
    QUESTIONNAIRE_RU: Final = "asr-dict-yand-questionnaire"
    TBANK: Final = "asr-dict-tinkoff-"

class ASREvents(metaclass=_Names):
    ASRError: Final[_ASREventsName[_ASRErrorEvent]]
    Started: Final[_ASREventsName[_ASRStartedEvent]]
    CaptureStarted: Final[_ASREventsName[_ASRCaptureStartedEvent]]
    SpeechCaptured: Final[_ASREventsName[_ASRSpeechCapturedEvent]]
    Result: Final[_ASREventsName[_ASRResultEvent]]
    InterimResult: Final[_ASREventsName[_ASRInterimResultEvent]]
    Stopped: Final[_ASREventsName[_ASRStoppedEvent]]

class ASRLanguage(metaclass=_Names):
    ENGLISH_US: Final = "en-US"
    ENGLISH_CA: Final = "en-CA"
    ENGLISH_UK: Final = "en-GB"
    ENGLISH_AU: Final = "en-AU"
    SPANISH_ES: Final = "es-ES"
    SPANISH_MX: Final = "es-MX"
    ITALIAN_IT: Final = "it-IT"
    FRENCH_FR: Final = "fr-FR"
    FRENCH_CA: Final = "fr-CA"
    POLISH_PL: Final = "pl-PL"
    PORTUGUES_PT: Final = "pt-PT"
    CATALAN_ES: Final = "ca-ES"
    CHINESE_TW: Final = "cmn-Hant-TW"
    DANISH_DK: Final = "da-DK"
    GERMAN_DE: Final = "de-DE"
    FINNISH_FI: Final = "fi-FI"
    JAPANESE_JP: Final = "ja-JP"
    KOREAN_KR: Final = "ko-KR"
    DUTCH_NL: Final = "nl-NL"
    NORWEGIAN_NO: Final = "nb-NO"
    PORTUGUESE_BR: Final = "pt-BR"
    RUSSIAN_RU: Final = "ru-RU"
    SWEDISH_SE: Final = "sv-SE"
    CHINESE_CN: Final = "cmn-Hans-CN"
    CHINESE_HK: Final = "cmn-Hans-HK"
    AFRIKAANS_ZA: Final = "af-ZA"
    INDONESIAN_ID: Final = "id-ID"
    MALAYSIA_MY: Final = "ms-MY"
    CZECH_CZ: Final = "cs-CZ"
    ENGLISH_IN: Final = "en-IN"
    ENGLISH_IE: Final = "en-IE"
    ENGLISH_NZ: Final = "en-NZ"
    ENGLISH_PH: Final = "en-PH"
    ENGLISH_ZA: Final = "en-ZA"
    SPANISH_AR: Final = "es-AR"
    SPANISH_BO: Final = "es-BO"
    SPANISH_CL: Final = "es-CL"
    SPANISH_CO: Final = "es-CO"
    SPANISH_CR: Final = "es-CR"
    SPANISH_EC: Final = "es-EC"
    SPANISH_SV: Final = "es-SV"
    SPANISH_US: Final = "es-US"
    SPANISH_GT: Final = "es-GT"
    SPANISH_HN: Final = "es-HN"
    SPANISH_NI: Final = "es-NI"
    SPANISH_PA: Final = "es-PA"
    SPANISH_PY: Final = "es-PY"
    SPANISH_PE: Final = "es-PE"
    SPANISH_PR: Final = "es-PR"
    SPANISH_DO: Final = "es-DO"
    SPANISH_UY: Final = "es-UY"
    SPANISH_VE: Final = "es-VE"
    BASQUE_ES: Final = "eu-ES"
    FILIPINO_PH: Final = "fil-PH"
    GALICIAN_ES: Final = "gl-ES"
    CROATIAN_HR: Final = "hr-HR"
    ZULU_ZA: Final = "zu-ZA"
    ICELANDIC_IS: Final = "is-IS"
    LITHUANIAN_LT: Final = "lt-LT"
    HUNGARIAN_HU: Final = "hu-HU"
    ROMANIAN_RO: Final = "ro-RO"
    SLOVAK_SK: Final = "sk-SK"
    SLOVENIAN_SL: Final = "sl-SI"
    VIETNAMESE_VN: Final = "vi-VN"
    TURKISH_TR: Final = "tr-TR"
    GREEK_GR: Final = "el-GR"
    BULGARIAN_BG: Final = "bg-BG"
    SERBIAN_RS: Final = "sr-RS"
    UKRAINIAN_UA: Final = "uk-UA"
    HEBREW_IL: Final = "he-IL"
    ARABIC_IL: Final = "ar-IL"
    ARABIC_JO: Final = "ar-JO"
    ARABIC_AE: Final = "ar-AE"
    ARABIC_BH: Final = "ar-BH"
    ARABIC_DZ: Final = "ar-DZ"
    ARABIC_SA: Final = "ar-SA"
    ARABIC_IQ: Final = "ar-IQ"
    ARABIC_KW: Final = "ar-KW"
    ARABIC_MA: Final = "ar-MA"
    ARABIC_TN: Final = "ar-TN"
    ARABIC_OM: Final = "ar-OM"
    ARABIC_PS: Final = "ar-PS"
    ARABIC_QA: Final = "ar-QA"
    ARABIC_LB: Final = "ar-LB"
    ARABIC_EG: Final = "ar-EG"
    FARSI_IR: Final = "fa-IR"
    HINDI_IN: Final = "hi-IN"
    THAI_TH: Final = "th-TH"
    CANTONESE_HK: Final = "yue-Hant-HK"
    AMHARIC_ET: Final = "am-ET"
    ARMENIAN_AM: Final = "hy-AM"
    AZERBAIJANI_AZ: Final = "az-AZ"
    BENGALI_BD: Final = "bn-BD"
    BENGALI_IN: Final = "bn-IN"
    ENGLISH_GH: Final = "en-GH"
    ENGLISH_KE: Final = "en-KE"
    ENGLISH_NG: Final = "en-NG"
    ENGLISH_TZ: Final = "en-TZ"
    GEORGIAN_GE: Final = "ka-GE"
    GUJARATI_IN: Final = "gu-IN"
    JAVANESE_ID: Final = "jv-ID"
    KANNADA_IN: Final = "kn-IN"
    KHMER_KH: Final = "km-KH"
    LAO_LA: Final = "lo-LA"
    LATVIAN_LV: Final = "lv-LV"
    MALAYALAM_IN: Final = "ml-IN"
    MARATHI_IN: Final = "mr-IN"
    NEPALI_NP: Final = "ne-NP"
    SINHALA_LK: Final = "si-LK"
    SUNDANESE_ID: Final = "su-ID"
    SWAHILI_TZ: Final = "sw-TZ"
    SWAHILI_KE: Final = "sw-KE"
    TAMIL_IN: Final = "ta-IN"
    TAMIL_SG: Final = "ta-SG"
    TAMIL_LK: Final = "ta-LK"
    TAMIL_MY: Final = "ta-MY"
    TELUGU_IN: Final = "te-IN"
    URDU_PK: Final = "ur-PK"
    URDU_IN: Final = "ur-IN"

class CallAudioQuality(metaclass=_Names):
    HD: Final = "HD"
    STANDARD: Final = "Standard"

class CallEvents(metaclass=_Names):
    AudioStarted: Final[_CallEventsName[_AudioStartedEvent]]
    AudioIdentificationStarted: Final[_CallEventsName[_AudioIdentificationStartedEvent]]
    AudioIdentificationResult: Final[_CallEventsName[_AudioIdentificationResultEvent]]
    AudioIdentificationStopped: Final[_CallEventsName[_AudioIdentificationStoppedEvent]]
    AudioIdentificationError: Final[_CallEventsName[_AudioIdentificationErrorEvent]]
    BlindTransferRequested: Final[_CallEventsName[_BlindTransferRequestedEvent]]
    Connected: Final[_CallEventsName[_ConnectedEvent]]
    Forwarding: Final[_CallEventsName[_ForwardingEvent]]
    Disconnected: Final[_CallEventsName[_DisconnectedEvent]]
    Failed: Final[_CallEventsName[_FailedEvent]]
    InfoReceived: Final[_CallEventsName[_InfoReceivedEvent]]
    MessageReceived: Final[_CallEventsName[_MessageReceivedEvent]]
    MicStatusChange: Final[_CallEventsName[_MicStatusChangeEvent]]
    OffHold: Final[_CallEventsName[_OffHoldEvent]]
    OnHold: Final[_CallEventsName[_OnHoldEvent]]
    PlaybackFinished: Final[_CallEventsName[_PlaybackFinishedEvent]]
    PlaybackReady: Final[_CallEventsName[_PlaybackReadyEvent]]
    PlaybackStarted: Final[_CallEventsName[_PlaybackStartedEvent]]
    PushSent: Final[_CallEventsName[_PushSentEvent]]
    ReInviteAccepted: Final[_CallEventsName[_ReInviteAcceptedEvent]]
    ReInviteReceived: Final[_CallEventsName[_ReInviteReceivedEvent]]
    ReInviteRejected: Final[_CallEventsName[_ReInviteRejectedEvent]]
    RecordStarted: Final[_CallEventsName[_RecordStartedEvent]]
    RecordStopped: Final[_CallEventsName[_RecordStoppedEvent]]
    RecordError: Final[_CallEventsName[_RecordErrorEvent]]
    Ringing: Final[_CallEventsName[_RingingEvent]]
    StateChanged: Final[_CallEventsName[_StateChangedEvent]]
    Statistics: Final[_CallEventsName[_StatisticsEvent]]
    ToneDetected: Final[_CallEventsName[_ToneDetectedEvent]]
    ToneReceived: Final[_CallEventsName[_ToneReceivedEvent]]
    TransferComplete: Final[_CallEventsName[_TransferCompleteEvent]]
    TransferFailed: Final[_CallEventsName[_TransferFailedEvent]]
    VideoTrackCreated: Final[_CallEventsName[_VideoTrackCreatedEvent]]
    FirstAudioPacketReceived: Final[_CallEventsName[_FirstAudioPacketReceivedEvent]]
    FirstVideoPacketReceived: Final[_CallEventsName[_FirstVideoPacketReceivedEvent]]
    RtpStopped: Final[_CallEventsName[_RtpStoppedEvent]]
    RtpResumed: Final[_CallEventsName[_RtpResumedEvent]]
    BeepDetectionComplete: Final[_CallEventsName[_BeepDetectionComplete]]
    BeepDetectionError: Final[_CallEventsName[_BeepDetectionError]]
    AudioQualityDetected: Final[_CallEventsName[_AudioQualityDetectedEvent]]
    MediaStatisticsReceived: Final[_CallEventsName[_MediaStatisticsReceived]]

class ConferenceDirection(metaclass=_Names):
    SEND: Final = 0
    RECEIVE: Final = 1
    BOTH: Final = 2

class ConferenceEvents(metaclass=_Names):
    ConferenceError: Final[_ConferenceEventsName[_ConferenceErrorEvent]]
    Started: Final[_ConferenceEventsName[_ConferenceEvent]]
    Stopped: Final[_ConferenceEventsName[_ConferenceStoppedEvent]]
    EndpointAdded: Final[_ConferenceEventsName[_ConferenceEndpointAddedEvent]]
    EndpointUpdated: Final[_ConferenceEventsName[_ConferenceEndpointUpdatedEvent]]
    EndpointRemoved: Final[_ConferenceEventsName[_ConferenceEndpointRemovedEvent]]
    EndpointManaged: Final[_ConferenceEventsName[_ConferenceEndpointManagedEvent]]

class ConferenceMode(metaclass=_Names):
    MIX: Final = 0
    FORWARD: Final = 1

class DTMFType(metaclass=_Names):
    ALL: Final = 0
    TELEPHONE_EVENT: Final = 1
    IN_BAND: Final = 2
    SIP_INFO: Final = 3

class Modules(metaclass=_Names):
    ACD: Final = "acd"
    AI: Final = "ai"
    ApplicationStorage: Final = "applicationstorage"
    ASR: Final = "asr"
    Avatar: Final = "avatar"
    Cartesia: Final = "cartesia"
    Conference: Final = "conference"
    Deepgram: Final = "deepgram"
    ElevenLabs: Final = "elevenlabs"
    Gemini: Final = "gemini"
    Google: Final = "google"
    Grok: Final = "grok"
    Inworld: Final = "inworld"
    IVR: Final = "ivr"
    MCP: Final = "mcp"
    OpenAI: Final = "openai"
    Pipecat: Final = "pipecat"
    PushService: Final = "pushservice"
    Recorder: Final = "recorder"
    Silero: Final = "silero"
    SmartQueue: Final = "smartqueue"
    StreamingAgent: Final = "streamingagent"
    Ultravox: Final = "ultravox"
    VoximplantAPI: Final = "voximplantapi"
    VoxTTS: Final = "voxtts"
    XAI: Final = "xai"
    Yandex: Final = "yandex"
    AMD: Final = "amd"
    Call: Final = "call"
    CallList: Final = "calllist"
    Crypto: Final = "crypto"
    Net: Final = "net"
    Player: Final = "player"
    WebSocket: Final = "websocket"

class PlayerEvents(metaclass=_Names):
    Created: Final[_PlayerEventsName[_PlayerCreatedEvent]]
    PlaybackReady: Final[_PlayerEventsName[_PlayerPlaybackReadyEvent]]
    Started: Final[_PlayerEventsName[_PlayerStartedEvent]]
    Stopped: Final[_PlayerEventsName[_PlayerStoppedEvent]]
    PlaybackFinished: Final[_PlayerEventsName[_PlayerPlaybackFinishedEvent]]
    Error: Final[_PlayerEventsName[_PlayerErrorEvent]]
    PlaybackMarkerReached: Final[_PlayerEventsName[_PlayerPlaybackMarkerReachedEvent]]
    PlaybackBuffering: Final[_PlayerEventsName[_PlayerPlaybackBufferingEvent]]
    AudioChunksPlaybackFinished: Final[_PlayerEventsName[_PlayerAudioChunksPlaybackFinishedEvent]]

class RecordExpireTime(metaclass=_Names):
    THREEMONTHS: Final = ""
    SIXMONTHS: Final = "-6m"
    ONEYEAR: Final = "-1y"
    TWOYEARS: Final = "-2y"
    THREEYEARS: Final = "-3y"
    FIVEYEARS: Final = "-5y"

class RecorderDirection(metaclass=_Names):
    ltr: Final = "ltr"
    rtl: Final = "rtl"

class RecorderEvents(metaclass=_Names):
    RecorderError: Final[_RecorderEventsName[_RecorderErrorEvent]]
    Started: Final[_RecorderEventsName[_RecorderStartedEvent]]
    Stopped: Final[_RecorderEventsName[_RecorderStoppedEvent]]

class RecorderLabelFont(metaclass=_Names):
    ROBOTO_SLAB_SEMI_BOLD: Final = "RobotoSlab-SemiBold"
    ROBOTO_SLAB_THIN: Final = "RobotoSlab-Thin"
    ROBOTO_CONDENSED_BOLD: Final = "RobotoCondensed-Bold"
    ROBOTO_CONDENSED_BOLD_ITALIC: Final = "RobotoCondensed-BoldItalic"
    ROBOTO_CONDENSED_ITALIC: Final = "RobotoCondensed-Italic"
    ROBOTO_CONDENSED_LIGHT: Final = "RobotoCondensed-Light"
    ROBOTO_CONDENSED_LIGHT_ITALIC: Final = "RobotoCondensed-LightItalic"
    ROBOTO_CONDENSED_REGULAR: Final = "RobotoCondensed-Regular"
    ROBOTO_FLEX_REGULAR: Final = "RobotoFlex-Regular"
    ROBOTO_MONO_BOLD: Final = "RobotoMono-Bold"
    ROBOTO_MONO_BOLD_ITALIC: Final = "RobotoMono-BoldItalic"
    ROBOTO_MONO_EXTRA_LIGHT: Final = "RobotoMono-ExtraLight"
    ROBOTO_MONO_EXTRA_LIGHT_ITALIC: Final = "RobotoMono-ExtraLightItalic"
    ROBOTO_MONO_ITALIC: Final = "RobotoMono-Italic"
    ROBOTO_MONO_LIGHT: Final = "RobotoMono-Light"
    ROBOTO_MONO_LIGHT_ITALIC: Final = "RobotoMono-LightItalic"
    ROBOTO_MONO_MEDIUM: Final = "RobotoMono-Medium"
    ROBOTO_MONO_MEDIUM_ITALIC: Final = "RobotoMono-MediumItalic"
    ROBOTO_MONO_REGULAR: Final = "RobotoMono-Regular"
    ROBOTO_MONO_SEMI_BOLD: Final = "RobotoMono-SemiBold"
    ROBOTO_MONO_SEMI_BOLD_ITALIC: Final = "RobotoMono-SemiBoldItalic"
    ROBOTO_MONO_THIN: Final = "RobotoMono-Thin"
    ROBOTO_MONO_THIN_ITALIC: Final = "RobotoMono-ThinItalic"
    ROBOTO_SERIF_CONDENSED_BLACK: Final = "RobotoSerif_Condensed-Black"
    ROBOTO_SERIF_CONDENSED_BLACK_ITALIC: Final = "RobotoSerif_Condensed-BlackItalic"
    ROBOTO_SERIF_CONDENSED_BOLD: Final = "RobotoSerif_Condensed-Bold"
    ROBOTO_SERIF_CONDENSED_BOLD_ITALIC: Final = "RobotoSerif_Condensed-BoldItalic"
    ROBOTO_SERIF_CONDENSED_EXTRA_BOLD: Final = "RobotoSerif_Condensed-ExtraBold"
    ROBOTO_SERIF_CONDENSED_EXTRA_BOLD_ITALIC: Final = "RobotoSerif_Condensed-ExtraBoldItalic"
    ROBOTO_SERIF_CONDENSED_EXTRA_LIGHT: Final = "RobotoSerif_Condensed-ExtraLight"
    ROBOTO_SERIF_CONDENSED_EXTRA_LIGHT_ITALIC: Final = "RobotoSerif_Condensed-ExtraLightItalic"
    ROBOTO_SERIF_CONDENSED_ITALIC: Final = "RobotoSerif_Condensed-Italic"
    ROBOTO_SERIF_CONDENSED_LIGHT: Final = "RobotoSerif_Condensed-Light"
    ROBOTO_SERIF_CONDENSED_LIGHT_ITALIC: Final = "RobotoSerif_Condensed-LightItalic"
    ROBOTO_SERIF_CONDENSED_MEDIUM: Final = "RobotoSerif_Condensed-Medium"
    ROBOTO_SERIF_CONDENSED_MEDIUM_ITALIC: Final = "RobotoSerif_Condensed-MediumItalic"
    ROBOTO_SERIF_CONDENSED_REGULAR: Final = "RobotoSerif_Condensed-Regular"
    ROBOTO_SERIF_CONDENSED_SEMI_BOLD: Final = "RobotoSerif_Condensed-SemiBold"
    ROBOTO_SERIF_CONDENSED_SEMI_BOLD_ITALIC: Final = "RobotoSerif_Condensed-SemiBoldItalic"
    ROBOTO_SERIF_CONDENSED_THIN: Final = "RobotoSerif_Condensed-Thin"
    ROBOTO_SERIF_CONDENSED_THIN_ITALIC: Final = "RobotoSerif_Condensed-ThinItalic"
    ROBOTO_SERIF_EXPANDED_BLACK: Final = "RobotoSerif_Expanded-Black"
    ROBOTO_SERIF_EXPANDED_BLACK_ITALIC: Final = "RobotoSerif_Expanded-BlackItalic"
    ROBOTO_SERIF_EXPANDED_BOLD: Final = "RobotoSerif_Expanded-Bold"
    ROBOTO_SERIF_EXPANDED_BOLD_ITALIC: Final = "RobotoSerif_Expanded-BoldItalic"
    ROBOTO_SERIF_EXPANDED_EXTRA_BOLD: Final = "RobotoSerif_Expanded-ExtraBold"
    ROBOTO_SERIF_EXPANDED_EXTRA_BOLD_ITALIC: Final = "RobotoSerif_Expanded-ExtraBoldItalic"
    ROBOTO_SERIF_EXPANDED_EXTRA_LIGHT: Final = "RobotoSerif_Expanded-ExtraLight"
    ROBOTO_SERIF_EXPANDED_EXTRA_LIGHT_ITALIC: Final = "RobotoSerif_Expanded-ExtraLightItalic"
    ROBOTO_SERIF_EXPANDED_ITALIC: Final = "RobotoSerif_Expanded-Italic"
    ROBOTO_SERIF_EXPANDED_LIGHT: Final = "RobotoSerif_Expanded-Light"
    ROBOTO_SERIF_EXPANDED_LIGHT_ITALIC: Final = "RobotoSerif_Expanded-LightItalic"
    ROBOTO_SERIF_EXPANDED_MEDIUM: Final = "RobotoSerif_Expanded-Medium"
    ROBOTO_SERIF_EXPANDED_MEDIUM_ITALIC: Final = "RobotoSerif_Expanded-MediumItalic"
    ROBOTO_SERIF_EXPANDED_REGULAR: Final = "RobotoSerif_Expanded-Regular"
    ROBOTO_SERIF_EXPANDED_SEMI_BOLD: Final = "RobotoSerif_Expanded-SemiBold"
    ROBOTO_SERIF_EXPANDED_SEMI_BOLD_ITALIC: Final = "RobotoSerif_Expanded-SemiBoldItalic"
    ROBOTO_SERIF_EXPANDED_THIN: Final = "RobotoSerif_Expanded-Thin"
    ROBOTO_SERIF_EXPANDED_THIN_ITALIC: Final = "RobotoSerif_Expanded-ThinItalic"
    ROBOTO_SERIF_EXTRA_CONDENSED_BLACK: Final = "RobotoSerif_ExtraCondensed-Black"
    ROBOTO_SERIF_EXTRA_CONDENSED_BLACK_ITALIC: Final = "RobotoSerif_ExtraCondensed-BlackItalic"
    ROBOTO_SERIF_EXTRA_CONDENSED_BOLD: Final = "RobotoSerif_ExtraCondensed-Bold"
    ROBOTO_SERIF_EXTRA_CONDENSED_BOLD_ITALIC: Final = "RobotoSerif_ExtraCondensed-BoldItalic"
    ROBOTO_SERIF_EXTRA_CONDENSED_EXTRA_BOLD: Final = "RobotoSerif_ExtraCondensed-ExtraBold"
    ROBOTO_SERIF_EXTRA_CONDENSED_EXTRA_BOLD_ITALIC: Final = "RobotoSerif_ExtraCondensed-ExtraBoldItalic"
    ROBOTO_SERIF_EXTRA_CONDENSED_EXTRA_LIGHT: Final = "RobotoSerif_ExtraCondensed-ExtraLight"
    ROBOTO_SERIF_EXTRA_CONDENSED_EXTRA_LIGHT_ITALIC: Final = "RobotoSerif_ExtraCondensed-ExtraLightItalic"
    ROBOTO_SERIF_EXTRA_CONDENSED_ITALIC: Final = "RobotoSerif_ExtraCondensed-Italic"
    ROBOTO_SERIF_EXTRA_CONDENSED_LIGHT: Final = "RobotoSerif_ExtraCondensed-Light"
    ROBOTO_SERIF_EXTRA_CONDENSED_LIGHT_ITALIC: Final = "RobotoSerif_ExtraCondensed-LightItalic"
    ROBOTO_SERIF_EXTRA_CONDENSED_MEDIUM: Final = "RobotoSerif_ExtraCondensed-Medium"
    ROBOTO_SERIF_EXTRA_CONDENSED_MEDIUM_ITALIC: Final = "RobotoSerif_ExtraCondensed-MediumItalic"
    ROBOTO_SERIF_EXTRA_CONDENSED_REGULAR: Final = "RobotoSerif_ExtraCondensed-Regular"
    ROBOTO_SERIF_EXTRA_CONDENSED_SEMI_BOLD: Final = "RobotoSerif_ExtraCondensed-SemiBold"
    ROBOTO_SERIF_EXTRA_CONDENSED_SEMI_BOLD_ITALIC: Final = "RobotoSerif_ExtraCondensed-SemiBoldItalic"
    ROBOTO_SERIF_EXTRA_CONDENSED_THIN: Final = "RobotoSerif_ExtraCondensed-Thin"
    ROBOTO_SERIF_EXTRA_CONDENSED_THIN_ITALIC: Final = "RobotoSerif_ExtraCondensed-ThinItalic"
    ROBOTO_SERIF_EXTRA_EXPANDED_BLACK: Final = "RobotoSerif_ExtraExpanded-Black"
    ROBOTO_SERIF_EXTRA_EXPANDED_BLACK_ITALIC: Final = "RobotoSerif_ExtraExpanded-BlackItalic"
    ROBOTO_SERIF_EXTRA_EXPANDED_BOLD: Final = "RobotoSerif_ExtraExpanded-Bold"
    ROBOTO_SERIF_EXTRA_EXPANDED_BOLD_ITALIC: Final = "RobotoSerif_ExtraExpanded-BoldItalic"
    ROBOTO_SERIF_EXTRA_EXPANDED_EXTRA_BOLD: Final = "RobotoSerif_ExtraExpanded-ExtraBold"
    ROBOTO_SERIF_EXTRA_EXPANDED_EXTRA_BOLD_ITALIC: Final = "RobotoSerif_ExtraExpanded-ExtraBoldItalic"
    ROBOTO_SERIF_EXTRA_EXPANDED_EXTRA_LIGHT: Final = "RobotoSerif_ExtraExpanded-ExtraLight"
    ROBOTO_SERIF_EXTRA_EXPANDED_EXTRA_LIGHT_ITALIC: Final = "RobotoSerif_ExtraExpanded-ExtraLightItalic"
    ROBOTO_SERIF_EXTRA_EXPANDED_ITALIC: Final = "RobotoSerif_ExtraExpanded-Italic"
    ROBOTO_SERIF_EXTRA_EXPANDED_LIGHT: Final = "RobotoSerif_ExtraExpanded-Light"
    ROBOTO_SERIF_EXTRA_EXPANDED_LIGHT_ITALIC: Final = "RobotoSerif_ExtraExpanded-LightItalic"
    ROBOTO_SERIF_EXTRA_EXPANDED_MEDIUM: Final = "RobotoSerif_ExtraExpanded-Medium"
    ROBOTO_SERIF_EXTRA_EXPANDED_MEDIUM_ITALIC: Final = "RobotoSerif_ExtraExpanded-MediumItalic"
    ROBOTO_SERIF_EXTRA_EXPANDED_REGULAR: Final = "RobotoSerif_ExtraExpanded-Regular"
    ROBOTO_SERIF_EXTRA_EXPANDED_SEMI_BOLD: Final = "RobotoSerif_ExtraExpanded-SemiBold"
    ROBOTO_SERIF_EXTRA_EXPANDED_SEMI_BOLD_ITALIC: Final = "RobotoSerif_ExtraExpanded-SemiBoldItalic"
    ROBOTO_SERIF_EXTRA_EXPANDED_THIN: Final = "RobotoSerif_ExtraExpanded-Thin"
    ROBOTO_SERIF_EXTRA_EXPANDED_THIN_ITALIC: Final = "RobotoSerif_ExtraExpanded-ThinItalic"
    ROBOTO_SERIF_SEMI_CONDENSED_BLACK: Final = "RobotoSerif_SemiCondensed-Black"
    ROBOTO_SERIF_SEMI_CONDENSED_BLACK_ITALIC: Final = "RobotoSerif_SemiCondensed-BlackItalic"
    ROBOTO_SERIF_SEMI_CONDENSED_BOLD: Final = "RobotoSerif_SemiCondensed-Bold"
    ROBOTO_SERIF_SEMI_CONDENSED_BOLD_ITALIC: Final = "RobotoSerif_SemiCondensed-BoldItalic"
    ROBOTO_SERIF_SEMI_CONDENSED_EXTRA_BOLD: Final = "RobotoSerif_SemiCondensed-ExtraBold"
    ROBOTO_SERIF_SEMI_CONDENSED_EXTRA_BOLD_ITALIC: Final = "RobotoSerif_SemiCondensed-ExtraBoldItalic"
    ROBOTO_SERIF_SEMI_CONDENSED_EXTRA_LIGHT: Final = "RobotoSerif_SemiCondensed-ExtraLight"
    ROBOTO_SERIF_SEMI_CONDENSED_EXTRA_LIGHT_ITALIC: Final = "RobotoSerif_SemiCondensed-ExtraLightItalic"
    ROBOTO_SERIF_SEMI_CONDENSED_ITALIC: Final = "RobotoSerif_SemiCondensed-Italic"
    ROBOTO_SERIF_SEMI_CONDENSED_LIGHT: Final = "RobotoSerif_SemiCondensed-Light"
    ROBOTO_SERIF_SEMI_CONDENSED_LIGHT_ITALIC: Final = "RobotoSerif_SemiCondensed-LightItalic"
    ROBOTO_SERIF_SEMI_CONDENSED_MEDIUM: Final = "RobotoSerif_SemiCondensed-Medium"
    ROBOTO_SERIF_SEMI_CONDENSED_MEDIUM_ITALIC: Final = "RobotoSerif_SemiCondensed-MediumItalic"
    ROBOTO_SERIF_SEMI_CONDENSED_REGULAR: Final = "RobotoSerif_SemiCondensed-Regular"
    ROBOTO_SERIF_SEMI_CONDENSED_SEMI_BOLD: Final = "RobotoSerif_SemiCondensed-SemiBold"
    ROBOTO_SERIF_SEMI_CONDENSED_SEMI_BOLD_ITALIC: Final = "RobotoSerif_SemiCondensed-SemiBoldItalic"
    ROBOTO_SERIF_SEMI_CONDENSED_THIN: Final = "RobotoSerif_SemiCondensed-Thin"
    ROBOTO_SERIF_SEMI_CONDENSED_THIN_ITALIC: Final = "RobotoSerif_SemiCondensed-ThinItalic"
    ROBOTO_SERIF_SEMI_EXPANDED_BLACK: Final = "RobotoSerif_SemiExpanded-Black"
    ROBOTO_SERIF_SEMI_EXPANDED_BLACK_ITALIC: Final = "RobotoSerif_SemiExpanded-BlackItalic"
    ROBOTO_SERIF_SEMI_EXPANDED_BOLD: Final = "RobotoSerif_SemiExpanded-Bold"
    ROBOTO_SERIF_SEMI_EXPANDED_BOLD_ITALIC: Final = "RobotoSerif_SemiExpanded-BoldItalic"
    ROBOTO_SERIF_SEMI_EXPANDED_EXTRA_BOLD: Final = "RobotoSerif_SemiExpanded-ExtraBold"
    ROBOTO_SERIF_SEMI_EXPANDED_EXTRA_BOLD_ITALIC: Final = "RobotoSerif_SemiExpanded-ExtraBoldItalic"
    ROBOTO_SERIF_SEMI_EXPANDED_EXTRA_LIGHT: Final = "RobotoSerif_SemiExpanded-ExtraLight"
    ROBOTO_SERIF_SEMI_EXPANDED_EXTRA_LIGHT_ITALIC: Final = "RobotoSerif_SemiExpanded-ExtraLightItalic"
    ROBOTO_SERIF_SEMI_EXPANDED_ITALIC: Final = "RobotoSerif_SemiExpanded-Italic"
    ROBOTO_SERIF_SEMI_EXPANDED_LIGHT: Final = "RobotoSerif_SemiExpanded-Light"
    ROBOTO_SERIF_SEMI_EXPANDED_LIGHT_ITALIC: Final = "RobotoSerif_SemiExpanded-LightItalic"
    ROBOTO_SERIF_SEMI_EXPANDED_MEDIUM: Final = "RobotoSerif_SemiExpanded-Medium"
    ROBOTO_SERIF_SEMI_EXPANDED_MEDIUM_ITALIC: Final = "RobotoSerif_SemiExpanded-MediumItalic"
    ROBOTO_SERIF_SEMI_EXPANDED_REGULAR: Final = "RobotoSerif_SemiExpanded-Regular"
    ROBOTO_SERIF_SEMI_EXPANDED_SEMI_BOLD: Final = "RobotoSerif_SemiExpanded-SemiBold"
    ROBOTO_SERIF_SEMI_EXPANDED_SEMI_BOLD_ITALIC: Final = "RobotoSerif_SemiExpanded-SemiBoldItalic"
    ROBOTO_SERIF_SEMI_EXPANDED_THIN: Final = "RobotoSerif_SemiExpanded-Thin"
    ROBOTO_SERIF_SEMI_EXPANDED_THIN_ITALIC: Final = "RobotoSerif_SemiExpanded-ThinItalic"
    ROBOTO_SERIF_ULTRA_CONDENSED_BLACK: Final = "RobotoSerif_UltraCondensed-Black"
    ROBOTO_SERIF_ULTRA_CONDENSED_BLACK_ITALIC: Final = "RobotoSerif_UltraCondensed-BlackItalic"
    ROBOTO_SERIF_ULTRA_CONDENSED_BOLD: Final = "RobotoSerif_UltraCondensed-Bold"
    ROBOTO_SERIF_ULTRA_CONDENSED_BOLD_ITALIC: Final = "RobotoSerif_UltraCondensed-BoldItalic"
    ROBOTO_SERIF_ULTRA_CONDENSED_EXTRA_BOLD: Final = "RobotoSerif_UltraCondensed-ExtraBold"
    ROBOTO_SERIF_ULTRA_CONDENSED_EXTRA_BOLD_ITALIC: Final = "RobotoSerif_UltraCondensed-ExtraBoldItalic"
    ROBOTO_SERIF_ULTRA_CONDENSED_EXTRA_LIGHT: Final = "RobotoSerif_UltraCondensed-ExtraLight"
    ROBOTO_SERIF_ULTRA_CONDENSED_EXTRA_LIGHT_ITALIC: Final = "RobotoSerif_UltraCondensed-ExtraLightItalic"
    ROBOTO_SERIF_ULTRA_CONDENSED_ITALIC: Final = "RobotoSerif_UltraCondensed-Italic"
    ROBOTO_SERIF_ULTRA_CONDENSED_LIGHT: Final = "RobotoSerif_UltraCondensed-Light"
    ROBOTO_SERIF_ULTRA_CONDENSED_LIGHT_ITALIC: Final = "RobotoSerif_UltraCondensed-LightItalic"
    ROBOTO_SERIF_ULTRA_CONDENSED_MEDIUM: Final = "RobotoSerif_UltraCondensed-Medium"
    ROBOTO_SERIF_ULTRA_CONDENSED_MEDIUM_ITALIC: Final = "RobotoSerif_UltraCondensed-MediumItalic"
    ROBOTO_SERIF_ULTRA_CONDENSED_REGULAR: Final = "RobotoSerif_UltraCondensed-Regular"
    ROBOTO_SERIF_ULTRA_CONDENSED_SEMI_BOLD: Final = "RobotoSerif_UltraCondensed-SemiBold"
    ROBOTO_SERIF_ULTRA_CONDENSED_SEMI_BOLD_ITALIC: Final = "RobotoSerif_UltraCondensed-SemiBoldItalic"
    ROBOTO_SERIF_ULTRA_CONDENSED_THIN: Final = "RobotoSerif_UltraCondensed-Thin"
    ROBOTO_SERIF_ULTRA_CONDENSED_THIN_ITALIC: Final = "RobotoSerif_UltraCondensed-ThinItalic"
    ROBOTO_SLAB_BLACK: Final = "RobotoSlab-Black"
    ROBOTO_SLAB_BOLD: Final = "RobotoSlab-Bold"
    ROBOTO_SLAB_EXTRA_BOLD: Final = "RobotoSlab-ExtraBold"
    ROBOTO_SLAB_EXTRA_LIGHT: Final = "RobotoSlab-ExtraLight"
    ROBOTO_SLAB_LIGHT: Final = "RobotoSlab-Light"
    ROBOTO_SLAB_MEDIUM: Final = "RobotoSlab-Medium"
    ROBOTO_SLAB_REGULAR: Final = "RobotoSlab-Regular"
    ROBOTO_BLACK: Final = "Roboto-Black"
    ROBOTO_BLACK_ITALIC: Final = "Roboto-BlackItalic"
    ROBOTO_BOLD: Final = "Roboto-Bold"
    ROBOTO_BOLD_ITALIC: Final = "Roboto-BoldItalic"
    ROBOTO_LIGHT: Final = "Roboto-Light"
    ROBOTO_LIGHT_ITALIC: Final = "Roboto-LightItalic"
    ROBOTO_MEDIUM: Final = "Roboto-Medium"
    ROBOTO_MEDIUM_ITALIC: Final = "Roboto-MediumItalic"
    ROBOTO_REGULAR: Final = "Roboto-Regular"
    ROBOTO_REGULAR_ITALIC: Final = "Roboto-RegularItalic"
    ROBOTO_THIN: Final = "Roboto-Thin"
    ROBOTO_THIN_ITALIC: Final = "Roboto-ThinItalic"

class RecorderLabelPosition(metaclass=_Names):
    TOP_LEFT: Final = "top left"
    TOP_CENTER: Final = "top center"
    TOP_RIGHT: Final = "top right"
    MIDDLE_LEFT: Final = "middle left"
    MIDDLE_CENTER: Final = "middle center"
    MIDDLE_RIGHT: Final = "middle right"
    BOTTOM_LEFT: Final = "bottom left"
    BOTTOM_CENTER: Final = "bottom center"
    BOTTOM_RIGHT: Final = "bottom right"

class RecorderLabelTextAlign(metaclass=_Names):
    TOP_LEFT: Final = "T+L"
    TOP_CENTER: Final = "T+C"
    TOP_RIGHT: Final = "T+R"
    MIDDLE_LEFT: Final = "M+L"
    MIDDLE_CENTER: Final = "M+C"
    MIDDLE_RIGHT: Final = "M+R"
    BOTTOM_LEFT: Final = "B+L"
    BOTTOM_CENTER: Final = "B+C"
    BOTTOM_RIGHT: Final = "B+R"

class RecorderLayout(metaclass=_Names):
    grid: Final = "grid"
    tribune: Final = "tribune"
    custom: Final = "custom"

class RecorderObjectFit(metaclass=_Names):
    fill: Final = "fill"
    contain: Final = "contain"
    cover: Final = "cover"
    none: Final = "none"

class RecorderProfile(metaclass=_Names):
    NHD: Final = "NHD"
    VGA: Final = "VGA"
    HD: Final = "HD"
    FHD: Final = "FHD"
    QHD: Final = "QHD"

class SequencePlayerEvents(metaclass=_Names):
    Created: Final[_SequencePlayerEventsName[_SequencePlayerCreatedEvent]]
    PlaybackReady: Final[_SequencePlayerEventsName[_SequencePlayerPlaybackReadyEvent]]
    Started: Final[_SequencePlayerEventsName[_SequencePlayerStartedEvent]]
    Stopped: Final[_SequencePlayerEventsName[_SequencePlayerStoppedEvent]]
    PlaybackFinished: Final[_SequencePlayerEventsName[_SequencePlayerPlaybackFinishedEvent]]
    Error: Final[_SequencePlayerEventsName[_SequencePlayerErrorEvent]]
    PlaybackMarkerReached: Final[_SequencePlayerEventsName[_SequencePlayerPlaybackMarkerReachedEvent]]

class SmartQueueEvents(metaclass=_Names):
    Waiting: Final[_SmartQueueEventsName[_SmartQueueWaitingEvent]]
    OperatorReached: Final[_SmartQueueEventsName[_SmartQueueOperatorReachedEvent]]
    EnqueueSuccess: Final[_SmartQueueEventsName[_SmartQueueEnqueueSuccessEvent]]
    TaskDistributed: Final[_SmartQueueEventsName[_SmartQueueTaskDistributedEvent]]
    ClientDisconnected: Final[_SmartQueueEventsName[_SmartQueueClientDisconnectedEvent]]
    TaskCanceled: Final[_SmartQueueEventsName[_SmartQueueTaskCanceledEvent]]
    Error: Final[_SmartQueueEventsName[_SmartQueueErrorEvent]]

class SmartQueueOperatorSettingsMode(metaclass=_Names):
    STRICT: Final = "STRICT"
    SMART: Final = "SMART"

class StreamingAgentEvents(metaclass=_Names):
    Connected: Final[_StreamingAgentEventsName[_StreamingAgentConnectedEvent]]
    ConnectionFailed: Final[_StreamingAgentEventsName[_StreamingAgentConnectionFailedEvent]]
    Error: Final[_StreamingAgentEventsName[_StreamingAgentErrorEvent]]
    Disconnected: Final[_StreamingAgentEventsName[_StreamingAgentDisconnectedEvent]]
    StreamStarted: Final[_StreamingAgentEventsName[_StreamingAgentStreamStartedEvent]]
    StreamStopped: Final[_StreamingAgentEventsName[_StreamingAgentStreamStoppedEvent]]
    StreamError: Final[_StreamingAgentEventsName[_StreamingAgentStreamErrorEvent]]
    AudioStreamCreated: Final[_StreamingAgentEventsName[_StreamingAgentAudioStreamCreatedEvent]]
    VideoStreamCreated: Final[_StreamingAgentEventsName[_StreamingAgentVideoStreamCreatedEvent]]
    AudioSwitched: Final[_StreamingAgentEventsName[_StreamingAgentAudioSwitchedEvent]]
    VideoSwitched: Final[_StreamingAgentEventsName[_StreamingAgentSwitchedEvent]]

class TaskWaitingCode(metaclass=_Names):
    NONE: Final = 500
    SUCCESS: Final = 200
    CANNOT_BE_ESTIMATED: Final = 501
    OVERFLOWED: Final = 503

class TerminationStatus(metaclass=_Names):
    NONE: Final = 0
    INTERNAL_ERROR: Final = 500
    NORMAL: Final = 1000
    TIMEOUT_REACHED: Final = 1001
    MS_NOT_ANSWERED: Final = 1002
    QUEUE_EMPTY: Final = 1003
    MAX_WAITING_TIME_REACHED: Final = 1004
    MAX_QUEUE_SIZE_REACHED: Final = 1005
    OPERATOR_NOT_AVAILABLE: Final = 1006
    CLIENT_TERMINATE: Final = 1100
    FINISHED_BY_CLIENT: Final = 1201
    FINISHED_BY_OPERATOR: Final = 1202
    FAILED: Final = 1203
    CANCELED: Final = 1204
    TRANSFERRED: Final = 1205

class TranscriptionProvider(metaclass=_Names):
    GOOGLE: Final = "google"
    YANDEX: Final = "yandex"
    TBANK: Final = "tcs"

class WebSocketAudioEncoding(metaclass=_Names):
    PCM16_8KHZ: Final = "PCM8"
    PCM16_16KHZ: Final = "PCM16"
    ALAW: Final = "ALAW"
    ULAW: Final = "ULAW"
    OPUS: Final = "OPUS"

class WebSocketCloseCode(metaclass=_Names):
    CLOSE_NORMAL: Final = 1000
    CLOSE_GOING_AWAY: Final = 1001
    CLOSE_PROTOCOL_ERROR: Final = 1002
    CLOSE_UNSUPPORTED: Final = 1003
    CLOSED_NO_STATUS: Final = 1005
    CLOSE_ABNORMAL: Final = 1006
    CLOSE_UNSUPPORTED_PAYLOAD: Final = 1007
    CLOSE_POLICY_VIOLATION: Final = 1008
    CLOSE_TOO_LARGE: Final = 1009
    CLOSE_MANDATORY_EXTENSION: Final = 1010
    CLOSE_SERVER_ERROR: Final = 1011
    CLOSE_SERVICE_RESTART: Final = 1012
    CLOSE_TRY_AGAIN_LATER: Final = 1013
    CLOSE_BAD_GATEWAY: Final = 1014
    CLOSE_TLS_FAIL: Final = 1015

class WebSocketEvents(metaclass=_Names):
    OPEN: Final[_WebSocketEventsName[_WebSocketOpenEvent]]
    CLOSE: Final[_WebSocketEventsName[_WebSocketCloseEvent]]
    MESSAGE: Final[_WebSocketEventsName[_WebSocketMessageEvent]]
    ERROR: Final[_WebSocketEventsName[_WebSocketErrorEvent]]
    CREATED: Final[_WebSocketEventsName[_WebSocketCreatedEvent]]
    MEDIA_STARTED: Final[_WebSocketEventsName[_WebSocketMediaStartedEvent]]
    MEDIA_ENDED: Final[_WebSocketEventsName[_WebSocketMediaEndedEvent]]

class WebSocketReadyState(metaclass=_Names):
    CLOSED: Final = "closed"
    CLOSING: Final = "closing"
    CONNECTING: Final = "connecting"
    OPEN: Final = "open"

class TTSEffectsProfile(metaclass=_Names):
    WearableClassDevice: Final = "wearable-class-device"
    HandsetClassDevice: Final = "handset-class-device"
    HeadphoneClassDevice: Final = "headphone-class-device"
    SmallBluetoothSpeakerClassDevice: Final = "small-bluetooth-speaker-class-device"
    MediumBluetoothSpeakerClassDevice: Final = "medium-bluetooth-speaker-class-device"
    LargeHomeEntertainmentClassDevice: Final = "large-home-entertainment-class-device"
    LargeAutomotiveClassDevice: Final = "large-automotive-class-device"
    TelephonyClassApplication: Final = "telephony-class-application"

class URLPlayerRequestMethod(metaclass=_Names):
    GET: Final = "GET"
    POST: Final = "POST"

_AMD_Model: TypeAlias = Literal["br", "cl", "colombia", "eu_general", "es", "kz", "mx", "ru", "ph", "pe", "us"]
_AMD_ResultClass: TypeAlias = Literal["VOICEMAIL", "HUMAN", "TIMEOUT", "CALL_ENDED"]
_AMD_ResultSubtype: TypeAlias = Literal["MIMIC", "NONE"]
_ASRDictionary: TypeAlias = Literal["asr-dict-address-ru", "asr-dict-address-tr", "asr-dict-yand-maps", "asr-dict-yand-notes", "asr-dict-yand-queries", "asr-dict-yand-music", "asr-dict-yand-buying", "asr-dict-yand-numbers", "asr-dict-yand-general", "asr-dict-yand-dates", "asr-dict-yand-names", "asr-dict-yand-questionnaire", "asr-dict-tinkoff-"]
_ASRLanguage: TypeAlias = Literal["en-US", "en-CA", "en-GB", "en-AU", "es-ES", "es-MX", "it-IT", "fr-FR", "fr-CA", "pl-PL", "pt-PT", "ca-ES", "cmn-Hant-TW", "da-DK", "de-DE", "fi-FI", "ja-JP", "ko-KR", "nl-NL", "nb-NO", "pt-BR", "ru-RU", "sv-SE", "cmn-Hans-CN", "cmn-Hans-HK", "af-ZA", "id-ID", "ms-MY", "cs-CZ", "en-IN", "en-IE", "en-NZ", "en-PH", "en-ZA", "es-AR", "es-BO", "es-CL", "es-CO", "es-CR", "es-EC", "es-SV", "es-US", "es-GT", "es-HN", "es-NI", "es-PA", "es-PY", "es-PE", "es-PR", "es-DO", "es-UY", "es-VE", "eu-ES", "fil-PH", "gl-ES", "hr-HR", "zu-ZA", "is-IS", "lt-LT", "hu-HU", "ro-RO", "sk-SK", "sl-SI", "vi-VN", "tr-TR", "el-GR", "bg-BG", "sr-RS", "uk-UA", "he-IL", "ar-IL", "ar-JO", "ar-AE", "ar-BH", "ar-DZ", "ar-SA", "ar-IQ", "ar-KW", "ar-MA", "ar-TN", "ar-OM", "ar-PS", "ar-QA", "ar-LB", "ar-EG", "fa-IR", "hi-IN", "th-TH", "yue-Hant-HK", "am-ET", "hy-AM", "az-AZ", "bn-BD", "bn-IN", "en-GH", "en-KE", "en-NG", "en-TZ", "ka-GE", "gu-IN", "jv-ID", "kn-IN", "km-KH", "lo-LA", "lv-LV", "ml-IN", "mr-IN", "ne-NP", "si-LK", "su-ID", "sw-TZ", "sw-KE", "ta-IN", "ta-SG", "ta-LK", "ta-MY", "te-IN", "ur-PK", "ur-IN"]
_CallAudioQuality: TypeAlias = Literal["HD", "Standard"]
_ConferenceDirection: TypeAlias = Literal[0, 1, 2]
_ConferenceMode: TypeAlias = Literal[0, 1]
_DTMFType: TypeAlias = Literal[0, 1, 2, 3]
_Modules: TypeAlias = Literal["acd", "ai", "applicationstorage", "asr", "avatar", "cartesia", "conference", "deepgram", "elevenlabs", "gemini", "google", "grok", "inworld", "ivr", "mcp", "openai", "pipecat", "pushservice", "recorder", "silero", "smartqueue", "streamingagent", "ultravox", "voximplantapi", "voxtts", "xai", "yandex"]
_RecordExpireTime: TypeAlias = Literal["", "-6m", "-1y", "-2y", "-3y", "-5y"]
_RecorderDirection: TypeAlias = Literal["ltr", "rtl"]
_RecorderLabelFont: TypeAlias = Literal["RobotoSlab-SemiBold", "RobotoSlab-Thin", "RobotoCondensed-Bold", "RobotoCondensed-BoldItalic", "RobotoCondensed-Italic", "RobotoCondensed-Light", "RobotoCondensed-LightItalic", "RobotoCondensed-Regular", "RobotoFlex-Regular", "RobotoMono-Bold", "RobotoMono-BoldItalic", "RobotoMono-ExtraLight", "RobotoMono-ExtraLightItalic", "RobotoMono-Italic", "RobotoMono-Light", "RobotoMono-LightItalic", "RobotoMono-Medium", "RobotoMono-MediumItalic", "RobotoMono-Regular", "RobotoMono-SemiBold", "RobotoMono-SemiBoldItalic", "RobotoMono-Thin", "RobotoMono-ThinItalic", "RobotoSerif_Condensed-Black", "RobotoSerif_Condensed-BlackItalic", "RobotoSerif_Condensed-Bold", "RobotoSerif_Condensed-BoldItalic", "RobotoSerif_Condensed-ExtraBold", "RobotoSerif_Condensed-ExtraBoldItalic", "RobotoSerif_Condensed-ExtraLight", "RobotoSerif_Condensed-ExtraLightItalic", "RobotoSerif_Condensed-Italic", "RobotoSerif_Condensed-Light", "RobotoSerif_Condensed-LightItalic", "RobotoSerif_Condensed-Medium", "RobotoSerif_Condensed-MediumItalic", "RobotoSerif_Condensed-Regular", "RobotoSerif_Condensed-SemiBold", "RobotoSerif_Condensed-SemiBoldItalic", "RobotoSerif_Condensed-Thin", "RobotoSerif_Condensed-ThinItalic", "RobotoSerif_Expanded-Black", "RobotoSerif_Expanded-BlackItalic", "RobotoSerif_Expanded-Bold", "RobotoSerif_Expanded-BoldItalic", "RobotoSerif_Expanded-ExtraBold", "RobotoSerif_Expanded-ExtraBoldItalic", "RobotoSerif_Expanded-ExtraLight", "RobotoSerif_Expanded-ExtraLightItalic", "RobotoSerif_Expanded-Italic", "RobotoSerif_Expanded-Light", "RobotoSerif_Expanded-LightItalic", "RobotoSerif_Expanded-Medium", "RobotoSerif_Expanded-MediumItalic", "RobotoSerif_Expanded-Regular", "RobotoSerif_Expanded-SemiBold", "RobotoSerif_Expanded-SemiBoldItalic", "RobotoSerif_Expanded-Thin", "RobotoSerif_Expanded-ThinItalic", "RobotoSerif_ExtraCondensed-Black", "RobotoSerif_ExtraCondensed-BlackItalic", "RobotoSerif_ExtraCondensed-Bold", "RobotoSerif_ExtraCondensed-BoldItalic", "RobotoSerif_ExtraCondensed-ExtraBold", "RobotoSerif_ExtraCondensed-ExtraBoldItalic", "RobotoSerif_ExtraCondensed-ExtraLight", "RobotoSerif_ExtraCondensed-ExtraLightItalic", "RobotoSerif_ExtraCondensed-Italic", "RobotoSerif_ExtraCondensed-Light", "RobotoSerif_ExtraCondensed-LightItalic", "RobotoSerif_ExtraCondensed-Medium", "RobotoSerif_ExtraCondensed-MediumItalic", "RobotoSerif_ExtraCondensed-Regular", "RobotoSerif_ExtraCondensed-SemiBold", "RobotoSerif_ExtraCondensed-SemiBoldItalic", "RobotoSerif_ExtraCondensed-Thin", "RobotoSerif_ExtraCondensed-ThinItalic", "RobotoSerif_ExtraExpanded-Black", "RobotoSerif_ExtraExpanded-BlackItalic", "RobotoSerif_ExtraExpanded-Bold", "RobotoSerif_ExtraExpanded-BoldItalic", "RobotoSerif_ExtraExpanded-ExtraBold", "RobotoSerif_ExtraExpanded-ExtraBoldItalic", "RobotoSerif_ExtraExpanded-ExtraLight", "RobotoSerif_ExtraExpanded-ExtraLightItalic", "RobotoSerif_ExtraExpanded-Italic", "RobotoSerif_ExtraExpanded-Light", "RobotoSerif_ExtraExpanded-LightItalic", "RobotoSerif_ExtraExpanded-Medium", "RobotoSerif_ExtraExpanded-MediumItalic", "RobotoSerif_ExtraExpanded-Regular", "RobotoSerif_ExtraExpanded-SemiBold", "RobotoSerif_ExtraExpanded-SemiBoldItalic", "RobotoSerif_ExtraExpanded-Thin", "RobotoSerif_ExtraExpanded-ThinItalic", "RobotoSerif_SemiCondensed-Black", "RobotoSerif_SemiCondensed-BlackItalic", "RobotoSerif_SemiCondensed-Bold", "RobotoSerif_SemiCondensed-BoldItalic", "RobotoSerif_SemiCondensed-ExtraBold", "RobotoSerif_SemiCondensed-ExtraBoldItalic", "RobotoSerif_SemiCondensed-ExtraLight", "RobotoSerif_SemiCondensed-ExtraLightItalic", "RobotoSerif_SemiCondensed-Italic", "RobotoSerif_SemiCondensed-Light", "RobotoSerif_SemiCondensed-LightItalic", "RobotoSerif_SemiCondensed-Medium", "RobotoSerif_SemiCondensed-MediumItalic", "RobotoSerif_SemiCondensed-Regular", "RobotoSerif_SemiCondensed-SemiBold", "RobotoSerif_SemiCondensed-SemiBoldItalic", "RobotoSerif_SemiCondensed-Thin", "RobotoSerif_SemiCondensed-ThinItalic", "RobotoSerif_SemiExpanded-Black", "RobotoSerif_SemiExpanded-BlackItalic", "RobotoSerif_SemiExpanded-Bold", "RobotoSerif_SemiExpanded-BoldItalic", "RobotoSerif_SemiExpanded-ExtraBold", "RobotoSerif_SemiExpanded-ExtraBoldItalic", "RobotoSerif_SemiExpanded-ExtraLight", "RobotoSerif_SemiExpanded-ExtraLightItalic", "RobotoSerif_SemiExpanded-Italic", "RobotoSerif_SemiExpanded-Light", "RobotoSerif_SemiExpanded-LightItalic", "RobotoSerif_SemiExpanded-Medium", "RobotoSerif_SemiExpanded-MediumItalic", "RobotoSerif_SemiExpanded-Regular", "RobotoSerif_SemiExpanded-SemiBold", "RobotoSerif_SemiExpanded-SemiBoldItalic", "RobotoSerif_SemiExpanded-Thin", "RobotoSerif_SemiExpanded-ThinItalic", "RobotoSerif_UltraCondensed-Black", "RobotoSerif_UltraCondensed-BlackItalic", "RobotoSerif_UltraCondensed-Bold", "RobotoSerif_UltraCondensed-BoldItalic", "RobotoSerif_UltraCondensed-ExtraBold", "RobotoSerif_UltraCondensed-ExtraBoldItalic", "RobotoSerif_UltraCondensed-ExtraLight", "RobotoSerif_UltraCondensed-ExtraLightItalic", "RobotoSerif_UltraCondensed-Italic", "RobotoSerif_UltraCondensed-Light", "RobotoSerif_UltraCondensed-LightItalic", "RobotoSerif_UltraCondensed-Medium", "RobotoSerif_UltraCondensed-MediumItalic", "RobotoSerif_UltraCondensed-Regular", "RobotoSerif_UltraCondensed-SemiBold", "RobotoSerif_UltraCondensed-SemiBoldItalic", "RobotoSerif_UltraCondensed-Thin", "RobotoSerif_UltraCondensed-ThinItalic", "RobotoSlab-Black", "RobotoSlab-Bold", "RobotoSlab-ExtraBold", "RobotoSlab-ExtraLight", "RobotoSlab-Light", "RobotoSlab-Medium", "RobotoSlab-Regular", "Roboto-Black", "Roboto-BlackItalic", "Roboto-Bold", "Roboto-BoldItalic", "Roboto-Light", "Roboto-LightItalic", "Roboto-Medium", "Roboto-MediumItalic", "Roboto-Regular", "Roboto-RegularItalic", "Roboto-Thin", "Roboto-ThinItalic"]
_RecorderLabelPosition: TypeAlias = Literal["top left", "top center", "top right", "middle left", "middle center", "middle right", "bottom left", "bottom center", "bottom right"]
_RecorderLabelTextAlign: TypeAlias = Literal["T+L", "T+C", "T+R", "M+L", "M+C", "M+R", "B+L", "B+C", "B+R"]
_RecorderLayout: TypeAlias = Literal["grid", "tribune", "custom"]
_RecorderObjectFit: TypeAlias = Literal["fill", "contain", "cover", "none"]
_RecorderProfile: TypeAlias = Literal["NHD", "VGA", "HD", "FHD", "QHD", "4K"]
_SmartQueueOperatorSettingsMode: TypeAlias = Literal["STRICT", "SMART"]
_TaskWaitingCode: TypeAlias = Literal[500, 200, 501, 503]
_TerminationStatus: TypeAlias = Literal[0, 500, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1100, 1201, 1202, 1203, 1204, 1205]
_TranscriptionProvider: TypeAlias = Literal["google", "yandex", "tcs"]
_WebSocketAudioEncoding: TypeAlias = Literal["PCM8", "PCM16", "ALAW", "ULAW", "OPUS"]
_WebSocketCloseCode: TypeAlias = Literal[1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 1015]
_WebSocketReadyState: TypeAlias = Literal["closed", "closing", "connecting", "open"]
_TTSEffectsProfile: TypeAlias = Literal["wearable-class-device", "handset-class-device", "headphone-class-device", "small-bluetooth-speaker-class-device", "medium-bluetooth-speaker-class-device", "large-home-entertainment-class-device", "large-automotive-class-device", "telephony-class-application"]
_URLPlayerRequestMethod: TypeAlias = Literal["GET", "POST"]
IVRPrompt: TypeAlias = Mapping[str, Any]
RecorderLayoutPriority: TypeAlias = Literal["vad"] | Sequence[str]
SequencePlayerSegment: TypeAlias = TTSPlayerSegment | URLPlayerSegment
SmartQueue: TypeAlias = Mapping[str, Any]
VoxMediaUnit: TypeAlias = Call | Player | SequencePlayer | ASR | Conference | Recorder | WebSocket | StreamingAgent | Grok.VoiceAgentAPIClient
class ACDEnqueueParameters(TypedDict, total=False):
    priority: float
    headers: Mapping[str, str]
    video: bool
    customData: str

class _ACDBaseEvent(_Struct):
    request: ACDRequest
    name: str
    id: str
    @overload
    def __getitem__(self, name: Literal["request"], /) -> ACDRequest: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...

class _ACDReachedEvent(_ACDBaseEvent):
    operatorCall: Call
    @overload
    def __getitem__(self, name: Literal["request"], /) -> ACDRequest: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["operatorCall"], /) -> Call: ...

class _ACDCallAttempt(_ACDBaseEvent):
    operatorCall: Call
    @overload
    def __getitem__(self, name: Literal["request"], /) -> ACDRequest: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["operatorCall"], /) -> Call: ...

class _ACDFailedEvent(_ACDBaseEvent):
    operatorUserName: str
    statusCode: int
    @overload
    def __getitem__(self, name: Literal["request"], /) -> ACDRequest: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["operatorUserName"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["statusCode"], /) -> int: ...

class _ACDErrorEvent(_ACDBaseEvent):
    error: str
    @overload
    def __getitem__(self, name: Literal["request"], /) -> ACDRequest: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["error"], /) -> str: ...

class _ACDWaitingEvent(_ACDBaseEvent):
    ewt: float
    position: int
    @overload
    def __getitem__(self, name: Literal["request"], /) -> ACDRequest: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["ewt"], /) -> float: ...
    @overload
    def __getitem__(self, name: Literal["position"], /) -> int: ...

class _ACDQueuedEvent(_ACDBaseEvent):
    pass

class _ACDOfflineEvent(_ACDBaseEvent):
    pass

class _ACDQueueFullEvent(_ACDBaseEvent):
    pass

class _HttpRequestEvent(_Struct):
    method: str
    path: str
    content: str
    headers: list[Any]
    name: str
    @overload
    def __getitem__(self, name: Literal["method"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["path"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["content"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["headers"], /) -> list[Any]: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...

class _NewWebSocketFailedEvent(_HttpRequestEvent):
    reason: str
    @overload
    def __getitem__(self, name: Literal["method"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["path"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["content"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["headers"], /) -> list[Any]: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["reason"], /) -> str: ...

class _NewWebSocketEvent(_HttpRequestEvent):
    websocket: WebSocket
    @overload
    def __getitem__(self, name: Literal["method"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["path"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["content"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["headers"], /) -> list[Any]: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["websocket"], /) -> WebSocket: ...

class _StartedEvent(_Struct):
    accessURL: str
    accessSecureURL: str
    accountId: int
    applicationId: int
    logURL: str
    sessionId: int
    conference_name: str
    name: str
    @overload
    def __getitem__(self, name: Literal["accessURL"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["accessSecureURL"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["accountId"], /) -> int: ...
    @overload
    def __getitem__(self, name: Literal["applicationId"], /) -> int: ...
    @overload
    def __getitem__(self, name: Literal["logURL"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["sessionId"], /) -> int: ...
    @overload
    def __getitem__(self, name: Literal["conference_name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...

class _SystemError(_Struct):
    systemError: bool | Any
    name: str
    @overload
    def __getitem__(self, name: Literal["systemError"], /) -> bool | Any: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...

class _TerminatedEvent(_SystemError):
    pass

class _TerminatingEvent(_SystemError):
    pass

class _CallAlertingEvent(_Struct):
    call: Call
    name: str
    callerid: str
    destination: str
    toURI: str
    fromURI: str
    displayName: str
    headers: dict[str, str]
    customData: str | Any
    scheme: dict[str, Any]
    @overload
    def __getitem__(self, name: Literal["call"], /) -> Call: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["callerid"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["destination"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["toURI"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["fromURI"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["displayName"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["headers"], /) -> dict[str, str]: ...
    @overload
    def __getitem__(self, name: Literal["customData"], /) -> str | Any: ...
    @overload
    def __getitem__(self, name: Literal["scheme"], /) -> dict[str, Any]: ...

class _ASREvent(_Struct):
    asr: ASR
    name: str
    @overload
    def __getitem__(self, name: Literal["asr"], /) -> ASR: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...

class _ASRErrorEvent(_ASREvent):
    error: str
    @overload
    def __getitem__(self, name: Literal["asr"], /) -> ASR: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["error"], /) -> str: ...

class _ASRStartedEvent(_ASREvent):
    pass

class _ASRCaptureStartedEvent(_ASREvent):
    pass

class _ASRSpeechCapturedEvent(_ASREvent):
    pass

class _ASRResultEvent(_ASREvent):
    text: str
    confidence: float
    resultEndTime: str | float | Any
    channelTag: int | Any
    languageCode: str | Any
    @overload
    def __getitem__(self, name: Literal["asr"], /) -> ASR: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["text"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["confidence"], /) -> float: ...
    @overload
    def __getitem__(self, name: Literal["resultEndTime"], /) -> str | float | Any: ...
    @overload
    def __getitem__(self, name: Literal["channelTag"], /) -> int | Any: ...
    @overload
    def __getitem__(self, name: Literal["languageCode"], /) -> str | Any: ...

class _ASRInterimResultEvent(_ASREvent):
    text: str
    @overload
    def __getitem__(self, name: Literal["asr"], /) -> ASR: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["text"], /) -> str: ...

class _ASRStoppedEvent(_ASREvent):
    cost: str
    duration: float
    @overload
    def __getitem__(self, name: Literal["asr"], /) -> ASR: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["cost"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["duration"], /) -> float: ...

class BaseCallParameters(TypedDict, total=False):
    displayName: str
    scheme: Mapping[str, Mapping[str, Any]]
    maxVideoBitrate: float
    disableExtVideoOffset: bool
    disableExtVideoOrientation: bool
    disableExtPlayoutDelay: bool
    disableExtVideoTiming: bool
    conferenceCall: bool
    disableDtxForAudio: bool

class BaseRecorderParameters(TypedDict, total=False):
    secure: bool
    transcribe: bool
    language: _ASRLanguage
    hd_audio: bool
    expire: _RecordExpireTime
    lossless: bool
    video: bool
    videoParameters: RecorderVideoParameters
    recordNamePrefix: str

class CallAnswerParameters(BaseCallParameters, total=False):
    pass

class CallEnableBeepDetectionParameters(TypedDict, total=False):
    frequencies: Sequence[float]
    timeout: float

class _CallEvent(_Struct):
    call: Call
    name: str
    id: str
    @overload
    def __getitem__(self, name: Literal["call"], /) -> Call: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...

class _CallHeaderEvent(_CallEvent):
    headers: dict[str, str] | Any
    @overload
    def __getitem__(self, name: Literal["call"], /) -> Call: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["headers"], /) -> dict[str, str] | Any: ...

class _AudioStartedEvent(_CallHeaderEvent):
    pass

class _AudioIdentificationStartedEvent(_CallEvent):
    pass

class _AudioIdentificationResultEvent(_CallEvent):
    audioType: _AMD_ResultClass
    audioSubType: _AMD_ResultSubtype
    confidence: float
    @overload
    def __getitem__(self, name: Literal["call"], /) -> Call: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["audioType"], /) -> _AMD_ResultClass: ...
    @overload
    def __getitem__(self, name: Literal["audioSubType"], /) -> _AMD_ResultSubtype: ...
    @overload
    def __getitem__(self, name: Literal["confidence"], /) -> float: ...

class _AudioIdentificationStoppedEvent(_CallEvent):
    pass

class _AudioIdentificationErrorEvent(_CallEvent):
    pass

class _BlindTransferRequestedEvent(_CallHeaderEvent):
    transferTo: str
    @overload
    def __getitem__(self, name: Literal["call"], /) -> Call: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["headers"], /) -> dict[str, str] | Any: ...
    @overload
    def __getitem__(self, name: Literal["transferTo"], /) -> str: ...

class _ConnectedEvent(_CallEvent):
    customData: str | Any
    headers: dict[str, str] | Any
    scheme: dict[str, Any] | Any
    @overload
    def __getitem__(self, name: Literal["call"], /) -> Call: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["customData"], /) -> str | Any: ...
    @overload
    def __getitem__(self, name: Literal["headers"], /) -> dict[str, str] | Any: ...
    @overload
    def __getitem__(self, name: Literal["scheme"], /) -> dict[str, Any] | Any: ...

class _ForwardingEvent(_CallEvent):
    pass

class _DisconnectedEvent(_CallHeaderEvent):
    internalCode: int
    reason: str
    duration: float
    cost: float
    direction: str
    @overload
    def __getitem__(self, name: Literal["call"], /) -> Call: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["headers"], /) -> dict[str, str] | Any: ...
    @overload
    def __getitem__(self, name: Literal["internalCode"], /) -> int: ...
    @overload
    def __getitem__(self, name: Literal["reason"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["duration"], /) -> float: ...
    @overload
    def __getitem__(self, name: Literal["cost"], /) -> float: ...
    @overload
    def __getitem__(self, name: Literal["direction"], /) -> str: ...

class _FailedEvent(_CallHeaderEvent):
    code: int
    reason: str
    @overload
    def __getitem__(self, name: Literal["call"], /) -> Call: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["headers"], /) -> dict[str, str] | Any: ...
    @overload
    def __getitem__(self, name: Literal["code"], /) -> int: ...
    @overload
    def __getitem__(self, name: Literal["reason"], /) -> str: ...

class _CallRecordEvent(_CallEvent):
    url: str
    @overload
    def __getitem__(self, name: Literal["call"], /) -> Call: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["url"], /) -> str: ...

class _InfoReceivedEvent(_CallHeaderEvent):
    mimeType: str
    body: str
    @overload
    def __getitem__(self, name: Literal["call"], /) -> Call: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["headers"], /) -> dict[str, str] | Any: ...
    @overload
    def __getitem__(self, name: Literal["mimeType"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["body"], /) -> str: ...

class _MessageReceivedEvent(_CallHeaderEvent):
    text: str
    @overload
    def __getitem__(self, name: Literal["call"], /) -> Call: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["headers"], /) -> dict[str, str] | Any: ...
    @overload
    def __getitem__(self, name: Literal["text"], /) -> str: ...

class _MicStatusChangeEvent(_CallEvent):
    active: bool
    @overload
    def __getitem__(self, name: Literal["call"], /) -> Call: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["active"], /) -> bool: ...

class _OffHoldEvent(_CallEvent):
    pass

class _OnHoldEvent(_CallEvent):
    pass

class _PlaybackFinishedEvent(_CallEvent):
    error: str | Any
    @overload
    def __getitem__(self, name: Literal["call"], /) -> Call: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["error"], /) -> str | Any: ...

class _PlaybackReadyEvent(_CallEvent):
    pass

class _PlaybackStartedEvent(_CallEvent):
    duration: float
    @overload
    def __getitem__(self, name: Literal["call"], /) -> Call: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["duration"], /) -> float: ...

class _PushSentEvent(_CallEvent):
    result: str
    @overload
    def __getitem__(self, name: Literal["call"], /) -> Call: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["result"], /) -> str: ...

class _CallReInviteEvent(_CallHeaderEvent):
    mimeType: str
    body: str
    @overload
    def __getitem__(self, name: Literal["call"], /) -> Call: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["headers"], /) -> dict[str, str] | Any: ...
    @overload
    def __getitem__(self, name: Literal["mimeType"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["body"], /) -> str: ...

class _ReInviteAcceptedEvent(_CallReInviteEvent):
    pass

class _ReInviteReceivedEvent(_CallReInviteEvent):
    pass

class _ReInviteRejectedEvent(_CallHeaderEvent):
    code: int
    reason: str
    @overload
    def __getitem__(self, name: Literal["call"], /) -> Call: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["headers"], /) -> dict[str, str] | Any: ...
    @overload
    def __getitem__(self, name: Literal["code"], /) -> int: ...
    @overload
    def __getitem__(self, name: Literal["reason"], /) -> str: ...

class _RecordErrorEvent(_CallEvent):
    error: str
    @overload
    def __getitem__(self, name: Literal["call"], /) -> Call: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["error"], /) -> str: ...

class _RecordStartedEvent(_CallEvent):
    url: str
    @overload
    def __getitem__(self, name: Literal["call"], /) -> Call: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["url"], /) -> str: ...

class _RecordStoppedEvent(_CallEvent):
    url: str
    cost: str
    duration: float
    @overload
    def __getitem__(self, name: Literal["call"], /) -> Call: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["url"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["cost"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["duration"], /) -> float: ...

class _RingingEvent(_CallHeaderEvent):
    pass

class _StateChangedEvent(_CallEvent):
    oldState: str
    newState: str
    @overload
    def __getitem__(self, name: Literal["call"], /) -> Call: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["oldState"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["newState"], /) -> str: ...

class _StatisticsEvent(_CallEvent):
    pass

class _ToneDetectedEvent(_CallEvent):
    ProgressTone: bool
    VoicemailTone: bool
    @overload
    def __getitem__(self, name: Literal["call"], /) -> Call: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["ProgressTone"], /) -> bool: ...
    @overload
    def __getitem__(self, name: Literal["VoicemailTone"], /) -> bool: ...

class _ToneReceivedEvent(_CallEvent):
    tone: str
    type: str
    @overload
    def __getitem__(self, name: Literal["call"], /) -> Call: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["tone"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["type"], /) -> str: ...

class _TransferCompleteEvent(_CallHeaderEvent):
    role: Literal["transferor", "target", "transferee"] | Any
    @overload
    def __getitem__(self, name: Literal["call"], /) -> Call: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["headers"], /) -> dict[str, str] | Any: ...
    @overload
    def __getitem__(self, name: Literal["role"], /) -> Literal["transferor", "target", "transferee"] | Any: ...

class _TransferFailedEvent(_TransferCompleteEvent):
    code: int
    reason: str
    @overload
    def __getitem__(self, name: Literal["call"], /) -> Call: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["headers"], /) -> dict[str, str] | Any: ...
    @overload
    def __getitem__(self, name: Literal["role"], /) -> Literal["transferor", "target", "transferee"] | Any: ...
    @overload
    def __getitem__(self, name: Literal["code"], /) -> int: ...
    @overload
    def __getitem__(self, name: Literal["reason"], /) -> str: ...

class _VideoTrackCreatedEvent(_CallRecordEvent):
    pass

class _FirstAudioPacketReceivedEvent(_CallEvent):
    pass

class _FirstVideoPacketReceivedEvent(_CallEvent):
    pass

class _RtpStoppedEvent(_CallEvent):
    pass

class _RtpResumedEvent(_CallEvent):
    pass

class _BeepDetectionComplete(_CallEvent):
    frequencies: list[int] | Any
    timeout: bool | Any
    @overload
    def __getitem__(self, name: Literal["call"], /) -> Call: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["frequencies"], /) -> list[int] | Any: ...
    @overload
    def __getitem__(self, name: Literal["timeout"], /) -> bool | Any: ...

class _BeepDetectionError(_CallEvent):
    reason: str
    @overload
    def __getitem__(self, name: Literal["call"], /) -> Call: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["reason"], /) -> str: ...

class _AudioQualityDetectedEvent(_CallEvent):
    quality: _CallAudioQuality
    @overload
    def __getitem__(self, name: Literal["call"], /) -> Call: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["quality"], /) -> _CallAudioQuality: ...

class _MediaStatisticsReceived(_CallEvent):
    audio: CallMediaStatistics
    @overload
    def __getitem__(self, name: Literal["call"], /) -> Call: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["audio"], /) -> CallMediaStatistics: ...

class CallMediaStatisticsSample(_Struct):
    id: float
    jitter: float
    packetLoss: float
    numPackets: int
    audioLevel: float
    @overload
    def __getitem__(self, name: Literal["id"], /) -> float: ...
    @overload
    def __getitem__(self, name: Literal["jitter"], /) -> float: ...
    @overload
    def __getitem__(self, name: Literal["packetLoss"], /) -> float: ...
    @overload
    def __getitem__(self, name: Literal["numPackets"], /) -> int: ...
    @overload
    def __getitem__(self, name: Literal["audioLevel"], /) -> float: ...

class CallMediaStatistics(_Struct):
    out: list[CallMediaStatisticsSample]
    @overload
    def __getitem__(self, name: Literal["in"], /) -> list[CallMediaStatisticsSample]: ...
    @overload
    def __getitem__(self, name: Literal["out"], /) -> list[CallMediaStatisticsSample]: ...

class CallPSTNParameters(TypedDict, total=False):
    amd: AMD.AnsweringMachineDetector
    followDiversion: bool

class CallRecordParameters(BaseRecorderParameters, total=False):
    stereo: bool
    dict: _ASRDictionary | Sequence[str]
    labels: Sequence[str]
    provider: _TranscriptionProvider
    format: str

class CallSayParameters(TypedDict, total=False):
    voice: Voice
    progressivePlayback: bool
    ttsOptions: TTSOptions
    request: Mapping[str, Any]

class CallSIPParameters(TypedDict, total=False):
    regId: float
    callerid: str
    displayName: str
    password: str
    authUser: str
    headers: Mapping[str, Any]
    video: bool
    outProxy: str
    amd: AMD.AnsweringMachineDetector
    scheme: Mapping[str, Mapping[str, Any]]
    strictCodecList: bool | None
    allow180After183: bool
    disableDtxForAudio: bool

class CallUserDirectParameters(TypedDict, total=False):
    callerid: Required[str]
    displayName: Required[str]
    analyticsLabel: str
    extraHeaders: Mapping[str, str]
    pushNotificationTimeout: float

class CallUserParameters(BaseCallParameters, total=False):
    username: Required[str]
    callerid: Required[str]
    extraHeaders: Mapping[str, str]
    video: bool
    videoOrientationExtension: bool
    analyticsLabel: str
    amd: AMD.AnsweringMachineDetector
    pushNotificationTimeout: float
    strictCodecList: bool | None

class CallWhatsappUserParameters(TypedDict, total=False):
    number: Required[str]
    callerid: Required[str]
    headers: Mapping[str, Any]
    disableDtxForAudio: bool

class ClearMediaBufferParameters(TypedDict, total=False):
    tag: str

class _ConferenceEvent(_Struct):
    conference: Conference
    name: str
    @overload
    def __getitem__(self, name: Literal["conference"], /) -> Conference: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...

class _ConferenceEndpointEvent(_ConferenceEvent):
    mode: Literal["MIX", "FORWARD"]
    direction: Literal["SEND", "RECEIVE", "BOTH"]
    endpointId: str
    endpoint: Endpoint
    @overload
    def __getitem__(self, name: Literal["conference"], /) -> Conference: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["mode"], /) -> Literal["MIX", "FORWARD"]: ...
    @overload
    def __getitem__(self, name: Literal["direction"], /) -> Literal["SEND", "RECEIVE", "BOTH"]: ...
    @overload
    def __getitem__(self, name: Literal["endpointId"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["endpoint"], /) -> Endpoint: ...

class _ConferenceEndpointAddedEvent(_ConferenceEndpointEvent):
    pass

class _ConferenceEndpointUpdatedEvent(_ConferenceEndpointEvent):
    pass

class _ConferenceEndpointRemovedEvent(_ConferenceEndpointEvent):
    pass

class _ConferenceEndpointManagedEvent(_ConferenceEndpointEvent):
    pass

class _ConferenceStoppedEvent(_ConferenceEvent):
    pass

class _ConferenceErrorEvent(_ConferenceEvent):
    error: str
    code: int
    endpointId: str | Any
    @overload
    def __getitem__(self, name: Literal["conference"], /) -> Conference: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["error"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["code"], /) -> int: ...
    @overload
    def __getitem__(self, name: Literal["endpointId"], /) -> str | Any: ...

class ConferenceParameters(TypedDict, total=False):
    hd_audio: bool

class EndpointParameters(TypedDict, total=False):
    call: Required[Call]
    mode: Required[Literal["MIX", "FORWARD"]]
    direction: Required[Literal["SEND", "RECEIVE", "BOTH"]]
    scheme: Any
    displayName: Required[str]
    receiveParameters: ReceiveParameters
    maxVideoBitrate: float

class IVRSettings(TypedDict, total=False):
    prompt: Required[IVRPrompt]
    type: Required[str]
    inputValidator: Callable[[str], bool]
    inputLength: float
    timeout: float
    nextStates: Mapping[str, IVRState]
    terminateOn: str
    nextState: IVRState | None

class MonitorMediaStatisticsParameters(TypedDict, total=False):
    monitor: Required[bool]
    interval: Required[float]

class ParticipantReceiveParameters(TypedDict, total=False):
    video: Sequence[Literal["default"] | str]
    audio: Sequence[Literal["default"] | str]

class _PlayerEvent(_Struct):
    player: Player
    name: str
    @overload
    def __getitem__(self, name: Literal["player"], /) -> Player: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...

class _PlayerCreatedEvent(_PlayerEvent):
    pass

class _PlayerPlaybackReadyEvent(_PlayerEvent):
    pass

class _PlayerStartedEvent(_PlayerEvent):
    duration: float
    @overload
    def __getitem__(self, name: Literal["player"], /) -> Player: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["duration"], /) -> float: ...

class _PlayerStoppedEvent(_PlayerEvent):
    pass

class _PlayerPlaybackFinishedEvent(_PlayerEvent):
    error: str | Any
    @overload
    def __getitem__(self, name: Literal["player"], /) -> Player: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["error"], /) -> str | Any: ...

class _PlayerErrorEvent(_PlayerEvent):
    error: str
    @overload
    def __getitem__(self, name: Literal["player"], /) -> Player: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["error"], /) -> str: ...

class _PlayerPlaybackMarkerReachedEvent(_PlayerEvent):
    offset: float
    @overload
    def __getitem__(self, name: Literal["player"], /) -> Player: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["offset"], /) -> float: ...

class _PlayerPlaybackBufferingEvent(_PlayerEvent):
    pass

class _PlayerAudioChunksPlaybackFinishedEvent(_PlayerEvent):
    timeToFirstByte: float
    @overload
    def __getitem__(self, name: Literal["player"], /) -> Player: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["timeToFirstByte"], /) -> float: ...

class ReceiveParameters(TypedDict, total=False):
    pass

class RecorderDrawArea(TypedDict, total=False):
    priority: Required[float]
    width: Required[float]
    height: Required[float]
    top: Required[float]
    left: Required[float]
    grid: Required[Sequence[RecorderGridDefinition]]

class _RecorderEvent(_Struct):
    recorder: Recorder
    name: str
    @overload
    def __getitem__(self, name: Literal["recorder"], /) -> Recorder: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...

class _RecorderURLEvent(_RecorderEvent):
    url: str
    @overload
    def __getitem__(self, name: Literal["recorder"], /) -> Recorder: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["url"], /) -> str: ...

class _RecorderErrorEvent(_RecorderEvent):
    error: str
    @overload
    def __getitem__(self, name: Literal["recorder"], /) -> Recorder: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["error"], /) -> str: ...

class _RecorderStartedEvent(_RecorderURLEvent):
    pass

class _RecorderStoppedEvent(_RecorderEvent):
    cost: str
    duration: float
    @overload
    def __getitem__(self, name: Literal["recorder"], /) -> Recorder: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["cost"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["duration"], /) -> float: ...

class RecorderGridDefinition(TypedDict, total=False):
    fromCount: Required[float]
    toCount: float
    colCount: Required[float]
    rowCount: Required[float]

class RecorderLabels(TypedDict, total=False):
    font: _RecorderLabelFont
    textAlign: _RecorderLabelTextAlign
    margin: float
    position: _RecorderLabelPosition
    background: str
    color: str
    width: float
    height: float

class RecorderParameters(BaseRecorderParameters, total=False):
    name: str
    provider: ASRProfile

class RecorderVad(TypedDict, total=False):
    thickness: float
    color: str

class RecorderVideoParameters(UpdateRecorderVideoParameters, total=False):
    mixing: Required[bool]
    profile: _RecorderProfile
    width: float
    height: float
    bitrate: float
    fps: float

class SendMediaParameters(TypedDict, total=False):
    tag: str
    customParameters: Any
    encoding: _WebSocketAudioEncoding

class _SequencePlayerEvent(_Struct):
    sequencePlayer: SequencePlayer
    name: str
    @overload
    def __getitem__(self, name: Literal["sequencePlayer"], /) -> SequencePlayer: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...

class _SequencePlayerCreatedEvent(_SequencePlayerEvent):
    pass

class _SequencePlayerPlaybackReadyEvent(_SequencePlayerEvent):
    pass

class _SequencePlayerStartedEvent(_SequencePlayerEvent):
    pass

class _SequencePlayerStoppedEvent(_SequencePlayerEvent):
    pass

class _SequencePlayerPlaybackFinishedEvent(_SequencePlayerEvent):
    error: str | Any
    @overload
    def __getitem__(self, name: Literal["sequencePlayer"], /) -> SequencePlayer: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["error"], /) -> str | Any: ...

class _SequencePlayerErrorEvent(_SequencePlayerEvent):
    error: str
    @overload
    def __getitem__(self, name: Literal["sequencePlayer"], /) -> SequencePlayer: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["error"], /) -> str: ...

class _SequencePlayerPlaybackMarkerReachedEvent(_SequencePlayerEvent):
    offset: float
    @overload
    def __getitem__(self, name: Literal["sequencePlayer"], /) -> SequencePlayer: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["offset"], /) -> float: ...

class _SmartQueueEvent(_Struct):
    task: SmartQueueTask
    name: str
    id: str
    @overload
    def __getitem__(self, name: Literal["task"], /) -> SmartQueueTask: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...

class _SmartQueueWaitingEvent(_SmartQueueEvent):
    ewt: float
    position: int
    code: _TaskWaitingCode
    message: str
    @overload
    def __getitem__(self, name: Literal["task"], /) -> SmartQueueTask: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["ewt"], /) -> float: ...
    @overload
    def __getitem__(self, name: Literal["position"], /) -> int: ...
    @overload
    def __getitem__(self, name: Literal["code"], /) -> _TaskWaitingCode: ...
    @overload
    def __getitem__(self, name: Literal["message"], /) -> str: ...

class _SmartQueueOperatorReachedEvent(_SmartQueueEvent):
    agentCall: Call
    @overload
    def __getitem__(self, name: Literal["task"], /) -> SmartQueueTask: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["agentCall"], /) -> Call: ...

class _SmartQueueEnqueueSuccessEvent(_SmartQueueEvent):
    pass

class _SmartQueueTaskDistributedEvent(_SmartQueueEvent):
    operatorId: int
    operatorName: str
    @overload
    def __getitem__(self, name: Literal["task"], /) -> SmartQueueTask: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["operatorId"], /) -> int: ...
    @overload
    def __getitem__(self, name: Literal["operatorName"], /) -> str: ...

class _SmartQueueClientDisconnectedEvent(_SmartQueueEvent):
    cancel: Any
    @overload
    def __getitem__(self, name: Literal["task"], /) -> SmartQueueTask: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["cancel"], /) -> Any: ...

class _SmartQueueTaskCanceledEvent(_SmartQueueEvent):
    status: _TerminationStatus
    description: str
    @overload
    def __getitem__(self, name: Literal["task"], /) -> SmartQueueTask: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["status"], /) -> _TerminationStatus: ...
    @overload
    def __getitem__(self, name: Literal["description"], /) -> str: ...

class _SmartQueueErrorEvent(_SmartQueueEvent):
    type: _TerminationStatus
    description: str
    @overload
    def __getitem__(self, name: Literal["task"], /) -> SmartQueueTask: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["id"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["type"], /) -> _TerminationStatus: ...
    @overload
    def __getitem__(self, name: Literal["description"], /) -> str: ...

class SmartQueueOperatorSettings(TypedDict, total=False):
    operatorId: Required[float]
    mode: Required[_SmartQueueOperatorSettingsMode]
    timeout: float

class SmartQueueSkill(TypedDict, total=False):
    name: Required[str]
    level: Required[int | Sequence[int]]

class SmartQueueTaskParameters(TypedDict, total=False):
    call: Call
    operatorSettings: SmartQueueOperatorSettings
    timeout: float
    priority: float
    skills: Sequence[SmartQueueSkill]
    queue: Required[SmartQueue]
    customData: str
    extraHeaders: Mapping[str, str]
    video: bool
    scheme: Mapping[str, Mapping[str, Any]]
    maxVideoBitrate: float

class SmartQueueTaskStatus(TypedDict, total=False):
    DISTRIBUTING: Required[Literal["DISTRIBUTING"]]
    CONNECTING: Required[Literal["CONNECTING"]]
    CONNECTED: Required[Literal["CONNECTED"]]
    ENDED: Required[Literal["ENDED"]]
    FAILED: Required[Literal["FAILED"]]

class StartPlaybackParameters(TypedDict, total=False):
    loop: bool
    progressivePlayback: bool

class StorageKey(_Struct):
    key: str
    value: str
    expireAt: int
    @overload
    def __getitem__(self, name: Literal["key"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["value"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["expireAt"], /) -> int: ...

class StoragePage(_Struct):
    keys: list[str]
    def __getitem__(self, name: Literal["keys"], /) -> list[str]: ...

class _StreamingAgentEvent(_Struct):
    streamingAgent: StreamingAgent
    name: str
    @overload
    def __getitem__(self, name: Literal["streamingAgent"], /) -> StreamingAgent: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...

class _StreamingAgentReasonedEvent(_StreamingAgentEvent):
    reason: str
    @overload
    def __getitem__(self, name: Literal["streamingAgent"], /) -> StreamingAgent: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["reason"], /) -> str: ...

class _StreamingAgentConnectedEvent(_StreamingAgentReasonedEvent):
    pass

class _StreamingAgentConnectionFailedEvent(_StreamingAgentReasonedEvent):
    pass

class _StreamingAgentErrorEvent(_StreamingAgentReasonedEvent):
    pass

class _StreamingAgentDisconnectedEvent(_StreamingAgentReasonedEvent):
    pass

class _StreamingAgentStreamEvent(_StreamingAgentReasonedEvent):
    streamName: str
    @overload
    def __getitem__(self, name: Literal["streamingAgent"], /) -> StreamingAgent: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["reason"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["streamName"], /) -> str: ...

class _StreamingAgentStreamStartedEvent(_StreamingAgentStreamEvent):
    pass

class _StreamingAgentStreamStoppedEvent(_StreamingAgentStreamEvent):
    pass

class _StreamingAgentStreamErrorEvent(_StreamingAgentStreamEvent):
    pass

class _StreamingAgentStreamCreatedEvent(_StreamingAgentEvent):
    trackId: int
    @overload
    def __getitem__(self, name: Literal["streamingAgent"], /) -> StreamingAgent: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["trackId"], /) -> int: ...

class _StreamingAgentAudioStreamCreatedEvent(_StreamingAgentStreamCreatedEvent):
    pass

class _StreamingAgentVideoStreamCreatedEvent(_StreamingAgentStreamCreatedEvent):
    pass

class _StreamingAgentSwitchedEvent(_StreamingAgentReasonedEvent):
    trackId: int
    @overload
    def __getitem__(self, name: Literal["streamingAgent"], /) -> StreamingAgent: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["reason"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["trackId"], /) -> int: ...

class _StreamingAgentAudioSwitchedEvent(_StreamingAgentSwitchedEvent):
    pass

class _StreamingAgentVideoSwitchedEvent(_StreamingAgentSwitchedEvent):
    pass

class StreamingAgentParameters(TypedDict, total=False):
    protocol: Required[Literal["RTMP"]]
    url: Required[str]
    backupUrl: str
    streamName: str
    keyframeInterval: float
    applicationName: str

class StreamingAgentTrack(_Struct):
    kind: str
    trackId: str
    @overload
    def __getitem__(self, name: Literal["kind"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["trackId"], /) -> str: ...

class ToneScriptPlayerParameters(TypedDict, total=False):
    loop: bool
    progressivePlayback: bool

class TransferToParameters(TypedDict, total=False):
    to: str
    call: Call
    headers: Mapping[str, str]

class TTSPlayerSegment(TypedDict, total=False):
    text: Required[str]
    parameters: TTSPlayerParameters

class UpdateRecorderVideoParameters(TypedDict, total=False):
    layout: _RecorderLayout
    layoutSettings: Sequence[RecorderDrawArea]
    layoutPriority: RecorderLayoutPriority
    labels: RecorderLabels
    vad: RecorderVad
    background: str
    direction: _RecorderDirection
    objectFit: _RecorderObjectFit
    customData: Mapping[str, Any]

class URLPlayerSegment(TypedDict, total=False):
    url: Required[str]
    parameters: URLPlayerParameters

class _VoiceAIClientParameters(_WebSocketBasedClientParameters, total=False):
    onWebSocketClose: Callable[[_WebSocketCloseEvent], object]

class SequencePlayerParameters(TypedDict, total=False):
    segments: Required[Sequence[SequencePlayerSegment]]

class _WebSocketBasedClientParameters(TypedDict, total=False):
    statistics: bool
    trace: bool
    privacy: bool

class _WebSocketEvent(_Struct):
    websocket: WebSocket
    name: str
    @overload
    def __getitem__(self, name: Literal["websocket"], /) -> WebSocket: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...

class _WebSocketOpenEvent(_WebSocketEvent):
    pass

class _WebSocketCloseEvent(_WebSocketEvent):
    code: _WebSocketCloseCode
    reason: str
    wasClean: bool
    @overload
    def __getitem__(self, name: Literal["websocket"], /) -> WebSocket: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["code"], /) -> _WebSocketCloseCode: ...
    @overload
    def __getitem__(self, name: Literal["reason"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["wasClean"], /) -> bool: ...

class _WebSocketMessageEvent(_WebSocketEvent):
    text: str
    @overload
    def __getitem__(self, name: Literal["websocket"], /) -> WebSocket: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["text"], /) -> str: ...

class _WebSocketErrorEvent(_WebSocketEvent):
    pass

class _WebSocketCreatedEvent(_WebSocketEvent):
    statisticsUrl: str | Any
    @overload
    def __getitem__(self, name: Literal["websocket"], /) -> WebSocket: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...
    @overload
    def __getitem__(self, name: Literal["statisticsUrl"], /) -> str | Any: ...

class _WebSocketMediaEvent(_Struct):
    tag: str | Any
    def __getitem__(self, name: Literal["tag"], /) -> str | Any: ...

class _WebSocketMediaStartedWithoutWebSocketEvent(_WebSocketMediaEvent):
    encoding: str | Any
    customParameters: dict[str, str] | Any
    @overload
    def __getitem__(self, name: Literal["tag"], /) -> str | Any: ...
    @overload
    def __getitem__(self, name: Literal["encoding"], /) -> str | Any: ...
    @overload
    def __getitem__(self, name: Literal["customParameters"], /) -> dict[str, str] | Any: ...

class _WebSocketMediaStartedEvent(_Struct):
    tag: str | Any
    encoding: str | Any
    customParameters: dict[str, str] | Any
    websocket: WebSocket
    name: str
    @overload
    def __getitem__(self, name: Literal["tag"], /) -> str | Any: ...
    @overload
    def __getitem__(self, name: Literal["encoding"], /) -> str | Any: ...
    @overload
    def __getitem__(self, name: Literal["customParameters"], /) -> dict[str, str] | Any: ...
    @overload
    def __getitem__(self, name: Literal["websocket"], /) -> WebSocket: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...

class _WebSocketMediaEndedWithoutWebSocketEvent(_WebSocketMediaEvent):
    mediaInfo: WebSocketMediaInfo | Any
    @overload
    def __getitem__(self, name: Literal["tag"], /) -> str | Any: ...
    @overload
    def __getitem__(self, name: Literal["mediaInfo"], /) -> WebSocketMediaInfo | Any: ...

class _WebSocketMediaEndedEvent(_Struct):
    tag: str | Any
    mediaInfo: WebSocketMediaInfo | Any
    websocket: WebSocket
    name: str
    @overload
    def __getitem__(self, name: Literal["tag"], /) -> str | Any: ...
    @overload
    def __getitem__(self, name: Literal["mediaInfo"], /) -> WebSocketMediaInfo | Any: ...
    @overload
    def __getitem__(self, name: Literal["websocket"], /) -> WebSocket: ...
    @overload
    def __getitem__(self, name: Literal["name"], /) -> str: ...

class WebSocketMediaInfo(_Struct):
    duration: float
    def __getitem__(self, name: Literal["duration"], /) -> float: ...

class WebSocketParameters(_WebSocketBasedClientParameters, total=False):
    protocols: str | Sequence[str]
    headers: Sequence[Mapping[str, Any]]

class ASRParameters(TypedDict, total=False):
    profile: Required[ASRProfile]
    model: ASRModel
    interimResults: bool
    singleUtterance: bool
    phraseHints: Sequence[str]
    profanityFilter: bool
    headers: Mapping[str, Any]
    beta: bool
    enableSeparateRecognitionPerChannel: bool
    alternativeLanguageCodes: Sequence[str]
    enableWordTimeOffsets: bool
    enableWordConfidence: bool
    enableAutomaticPunctuation: bool
    diarizationConfig: Mapping[str, Any]
    metadata: Mapping[str, Any]
    speechContexts: Sequence[Mapping[str, Any]]
    maxAlternatives: float
    adaptation: Mapping[str, Any]
    enableSpokenPunctuation: bool
    enableSpokenEmojis: bool
    useEnhanced: bool
    transcriptNormalization: Mapping[str, Any]
    request: Mapping[str, Any]

class TTSOptions(TypedDict, total=False):
    emotion: str
    pitch: str
    rate: str
    volume: str
    speed: str
    effectsProfileId: Sequence[_TTSEffectsProfile]
    yandexCustomModelName: str

class TTSPlayerParameters(TypedDict, total=False):
    apiKey: str
    voice: Voice
    progressivePlayback: bool
    ttsOptions: TTSOptions
    onPause: bool
    request: Mapping[str, Any]

class URLPlayerParameters(TypedDict, total=False):
    loop: bool
    onPause: bool
    progressivePlayback: bool
    hideHeaders: bool
    hideBody: bool

class URLPlayerRequestBody(TypedDict, total=False):
    text: str
    binary: str

class URLPlayerRequestHeader(TypedDict, total=False):
    name: Required[str]
    value: Required[str]

class URLPlayerRequest(TypedDict, total=False):
    url: Required[str]
    method: _URLPlayerRequestMethod
    headers: Sequence[URLPlayerRequestHeader]
    body: URLPlayerRequestBody

class ACDRequest:
    def id(self) -> str: ...
    def getStatus(self) -> None: ...
    def cancel(self) -> None: ...
    @overload
    def addEventListener(self, event: _ACDEventsName[_E], callback: Callable[[_E], object]) -> None: ...
    @overload
    def addEventListener(self, event: _ACDEventsName[Any], callback: Callable[[], object]) -> None: ...
    @overload
    def addEventListener(self, event: str, callback: Callable[..., object]) -> None: ...
    def removeEventListener(self, event: _ACDEventsName[Any] | str, callback: Callable[..., object] = ...) -> None: ...

class ASR:
    def __init__(self, id: str, language: str, dictionary: str) -> None: ...
    def id(self) -> str: ...
    def language(self) -> str: ...
    def dictionary(self) -> list[str]: ...
    def stop(self) -> None: ...
    @overload
    def addEventListener(self, event: _ASREventsName[_E], callback: Callable[[_E], object]) -> None: ...
    @overload
    def addEventListener(self, event: _ASREventsName[Any], callback: Callable[[], object]) -> None: ...
    @overload
    def addEventListener(self, event: str, callback: Callable[..., object]) -> None: ...
    def removeEventListener(self, event: _ASREventsName[Any] | str, callback: Callable[..., object] = ...) -> None: ...

class BasePlayer:
    def id(self) -> str: ...
    def pause(self) -> None: ...
    def resume(self) -> None: ...
    def stop(self) -> None: ...
    @overload
    def sendMediaTo(self, mediaUnit: VoxMediaUnit, parameters: SendMediaParameters = ...) -> None: ...
    @overload
    def sendMediaTo(self, mediaUnit: VoxMediaUnit, **parameters: Unpack[SendMediaParameters]) -> None: ...
    def stopMediaTo(self, mediaUnit: VoxMediaUnit) -> None: ...
    @overload
    def addEventListener(self, event: _PlayerEventsName[_E], callback: Callable[[_E], object]) -> None: ...
    @overload
    def addEventListener(self, event: _PlayerEventsName[Any], callback: Callable[[], object]) -> None: ...
    @overload
    def addEventListener(self, event: str, callback: Callable[..., object]) -> None: ...
    def removeEventListener(self, event: _PlayerEventsName[Any] | str, callback: Callable[..., object] = ...) -> None: ...

class Call:
    def state(self) -> str: ...
    def toString(self) -> str: ...
    def customData(self, customData: str = ...) -> str: ...
    def id(self) -> str: ...
    def incoming(self) -> bool: ...
    def callerid(self) -> str: ...
    def displayName(self) -> str: ...
    def number(self) -> str: ...
    def vad(self) -> bool: ...
    def clientType(self) -> str: ...
    def hangup(self, extraHeaders: Mapping[str, str] = ...) -> None: ...
    @overload
    def answer(self, extraHeaders: Mapping[str, str] = ..., parameters: CallAnswerParameters = ...) -> None: ...
    @overload
    def answer(self, extraHeaders: Mapping[str, str] = ..., **parameters: Unpack[CallAnswerParameters]) -> None: ...
    @overload
    def answerDirect(self, peerCall: Call, extraHeaders: Mapping[str, str] = ..., parameters: CallAnswerParameters = ...) -> None: ...
    @overload
    def answerDirect(self, peerCall: Call, extraHeaders: Mapping[str, str] = ..., **parameters: Unpack[CallAnswerParameters]) -> None: ...
    def decline(self, code: float, extraHeaders: Mapping[str, str] = ...) -> None: ...
    def reject(self, code: float, extraHeaders: Mapping[str, str] = ...) -> None: ...
    def ring(self, extraHeaders: Mapping[str, str] = ...) -> None: ...
    def startEarlyMedia(self, extraHeaders: Mapping[str, str] = ..., scheme: Mapping[str, Mapping[str, Any]] = ..., maxVideoBitrate: float = ..., audioLevelExtension: bool = ..., conferenceCall: bool = ..., disableDtxForAudio: bool = ...) -> None: ...
    @overload
    def startPlayback(self, url: str, parameters: StartPlaybackParameters = ...) -> None: ...
    @overload
    def startPlayback(self, url: str, **parameters: Unpack[StartPlaybackParameters]) -> None: ...
    @overload
    def say(self, text: str, parameters: CallSayParameters = ...) -> None: ...
    @overload
    def say(self, text: str, **parameters: Unpack[CallSayParameters]) -> None: ...
    @overload
    def record(self, parameters: CallRecordParameters) -> None: ...
    @overload
    def record(self, **parameters: Unpack[CallRecordParameters]) -> None: ...
    def stopPlayback(self) -> None: ...
    def playProgressTone(self, country: str) -> None: ...
    def sendMessage(self, text: str) -> None: ...
    @overload
    def sendMediaTo(self, mediaUnit: VoxMediaUnit, parameters: SendMediaParameters = ...) -> None: ...
    @overload
    def sendMediaTo(self, mediaUnit: VoxMediaUnit, **parameters: Unpack[SendMediaParameters]) -> None: ...
    def stopMediaTo(self, mediaUnit: VoxMediaUnit) -> None: ...
    def handleTones(self, doHandle: bool = ..., supportedDtmfTypes: _DTMFType = ...) -> None: ...
    def sendInfo(self, mimeType: str, body: str, headers: Mapping[str, str] = ...) -> None: ...
    def sendDigits(self, digits: str) -> None: ...
    def handleMicStatus(self, handle: bool) -> None: ...
    def handleBlindTransfer(self, handle: bool) -> None: ...
    def notifyBlindTransferSuccess(self) -> None: ...
    def notifyBlindTransferFailed(self, code: float, reason: str) -> None: ...
    @overload
    def enableBeepDetection(self, parameters: CallEnableBeepDetectionParameters) -> None: ...
    @overload
    def enableBeepDetection(self, **parameters: Unpack[CallEnableBeepDetectionParameters]) -> None: ...
    def disableBeepDetection(self) -> None: ...
    @overload
    def transferTo(self, parameters: TransferToParameters) -> None: ...
    @overload
    def transferTo(self, **parameters: Unpack[TransferToParameters]) -> None: ...
    @overload
    def monitorMediaStatistics(self, parameters: MonitorMediaStatisticsParameters) -> None: ...
    @overload
    def monitorMediaStatistics(self, **parameters: Unpack[MonitorMediaStatisticsParameters]) -> None: ...
    @overload
    def addEventListener(self, event: _CallEventsName[_E], callback: Callable[[_E], object]) -> None: ...
    @overload
    def addEventListener(self, event: _CallEventsName[Any], callback: Callable[[], object]) -> None: ...
    @overload
    def addEventListener(self, event: str, callback: Callable[..., object]) -> None: ...
    def removeEventListener(self, event: _CallEventsName[Any] | str, callback: Callable[..., object] = ...) -> None: ...

class ConferenceRecorder(Recorder):
    def setConference(self, conference: Conference) -> None: ...
    def setPriority(self, priority: Sequence[Endpoint]) -> Awaitable[None]: ...
    def getPriority(self) -> list[Endpoint]: ...
    @overload
    def update(self, parameters: UpdateRecorderVideoParameters) -> None: ...
    @overload
    def update(self, **parameters: Unpack[UpdateRecorderVideoParameters]) -> None: ...

class Conference:
    def id(self) -> str: ...
    def stop(self) -> None: ...
    def getList(self) -> list[Endpoint]: ...
    def get(self, id: str) -> Endpoint: ...
    @overload
    def add(self, parameters: EndpointParameters) -> Endpoint: ...
    @overload
    def add(self, **parameters: Unpack[EndpointParameters]) -> Endpoint: ...
    @overload
    def sendMediaTo(self, mediaUnit: VoxMediaUnit, parameters: SendMediaParameters = ...) -> None: ...
    @overload
    def sendMediaTo(self, mediaUnit: VoxMediaUnit, **parameters: Unpack[SendMediaParameters]) -> None: ...
    def stopMediaTo(self, mediaUnit: VoxMediaUnit) -> None: ...
    @overload
    def addEventListener(self, event: _ConferenceEventsName[_E], callback: Callable[[_E], object]) -> None: ...
    @overload
    def addEventListener(self, event: _ConferenceEventsName[Any], callback: Callable[[], object]) -> None: ...
    @overload
    def addEventListener(self, event: str, callback: Callable[..., object]) -> None: ...
    def removeEventListener(self, event: _ConferenceEventsName[Any] | str, callback: Callable[..., object] = ...) -> None: ...

class Endpoint:
    def id(self) -> str: ...
    def getDirection(self) -> Literal["SEND", "RECEIVE", "BOTH"]: ...
    def getMode(self) -> Literal["MIX", "FORWARD"]: ...
    def setDisplayName(self, displayName: str) -> None: ...
    @overload
    def manageEndpoint(self, parameters: ReceiveParameters) -> Awaitable[None]: ...
    @overload
    def manageEndpoint(self, **parameters: Unpack[ReceiveParameters]) -> Awaitable[None]: ...
    def getCall(self) -> Call: ...

class IVRState:
    input: str
    settings: IVRSettings
    def __init__(self, name: str, settings: IVRSettings, onInputComplete: Callable[[str], object], onInputTimeout: Callable[[str], object]) -> None: ...
    def enter(self, call: Call) -> None: ...

class Player(BasePlayer):
    def addMarker(self, offset: float) -> None: ...

class Recorder:
    def id(self) -> str: ...
    def mute(self, doMute: bool) -> None: ...
    def stop(self) -> None: ...
    @overload
    def addEventListener(self, event: _RecorderEventsName[_E], callback: Callable[[_E], object]) -> None: ...
    @overload
    def addEventListener(self, event: _RecorderEventsName[Any], callback: Callable[[], object]) -> None: ...
    @overload
    def addEventListener(self, event: str, callback: Callable[..., object]) -> None: ...
    def removeEventListener(self, event: _RecorderEventsName[Any] | str, callback: Callable[..., object] = ...) -> None: ...

class SequencePlayer:
    def id(self) -> str: ...
    def pause(self) -> None: ...
    def resume(self) -> None: ...
    def stop(self) -> None: ...
    def addMarker(self, offset: float, segment: int | SequencePlayerSegment) -> None: ...
    @overload
    def sendMediaTo(self, mediaUnit: VoxMediaUnit, parameters: SendMediaParameters = ...) -> None: ...
    @overload
    def sendMediaTo(self, mediaUnit: VoxMediaUnit, **parameters: Unpack[SendMediaParameters]) -> None: ...
    def stopMediaTo(self, mediaUnit: VoxMediaUnit) -> None: ...
    @overload
    def addEventListener(self, event: _SequencePlayerEventsName[_E], callback: Callable[[_E], object]) -> None: ...
    @overload
    def addEventListener(self, event: _SequencePlayerEventsName[Any], callback: Callable[[], object]) -> None: ...
    @overload
    def addEventListener(self, event: str, callback: Callable[..., object]) -> None: ...
    def removeEventListener(self, event: _SequencePlayerEventsName[Any] | str, callback: Callable[..., object] = ...) -> None: ...

class SmartQueueTask:
    clientCall: Call | None
    agentCall: Call | None
    parameters: SmartQueueTaskParameters
    id: str
    def end(self, description: str = ..., terminationStatus: int = ...) -> None: ...
    @overload
    def addEventListener(self, event: _SmartQueueEventsName[_E], callback: Callable[[_E], object]) -> None: ...
    @overload
    def addEventListener(self, event: _SmartQueueEventsName[Any], callback: Callable[[], object]) -> None: ...
    @overload
    def addEventListener(self, event: str, callback: Callable[..., object]) -> None: ...
    def removeEventListener(self, event: _SmartQueueEventsName[Any] | str, callback: Callable[..., object] = ...) -> None: ...

class StreamingAgent:
    def id(self) -> str: ...
    def stop(self) -> None: ...
    def activeAudioTrack(self) -> int: ...
    def activeVideoTrack(self) -> int: ...
    def audioTracks(self) -> list[StreamingAgentTrack]: ...
    def videoTracks(self) -> list[StreamingAgentTrack]: ...
    def setActiveTrack(self, tracks: Mapping[str, Any]) -> None: ...
    @overload
    def addEventListener(self, event: _StreamingAgentEventsName[_E], callback: Callable[[_E], object]) -> None: ...
    @overload
    def addEventListener(self, event: _StreamingAgentEventsName[Any], callback: Callable[[], object]) -> None: ...
    @overload
    def addEventListener(self, event: str, callback: Callable[..., object]) -> None: ...
    def removeEventListener(self, event: _StreamingAgentEventsName[Any] | str, callback: Callable[..., object] = ...) -> None: ...

class WebSocket:
    onclose: Callable[[_WebSocketCloseEvent], object] | None
    onerror: Callable[[_WebSocketErrorEvent], object] | None
    onmessage: Callable[[_WebSocketMessageEvent], object] | None
    onopen: Callable[[_WebSocketOpenEvent], object] | None
    oncreated: Callable[[_WebSocketCreatedEvent], object] | None
    onmediastarted: Callable[[_WebSocketMediaStartedEvent], object] | None
    onmediaended: Callable[[_WebSocketMediaEndedEvent], object] | None
    readyState: _WebSocketReadyState
    url: str
    @overload
    def __init__(self, url: str, parameters: WebSocketParameters = ...) -> None: ...
    @overload
    def __init__(self, url: str, **parameters: Unpack[WebSocketParameters]) -> None: ...
    def id(self) -> str: ...
    def close(self) -> None: ...
    def send(self, data: str) -> None: ...
    @overload
    def sendMediaTo(self, mediaUnit: VoxMediaUnit, parameters: SendMediaParameters = ...) -> None: ...
    @overload
    def sendMediaTo(self, mediaUnit: VoxMediaUnit, **parameters: Unpack[SendMediaParameters]) -> None: ...
    @overload
    def stopMediaTo(self, mediaUnit: VoxMediaUnit, parameters: SendMediaParameters = ...) -> None: ...
    @overload
    def stopMediaTo(self, mediaUnit: VoxMediaUnit, **parameters: Unpack[SendMediaParameters]) -> None: ...
    @overload
    def clearMediaBuffer(self, parameters: ClearMediaBufferParameters = ...) -> None: ...
    @overload
    def clearMediaBuffer(self, **parameters: Unpack[ClearMediaBufferParameters]) -> None: ...
    @overload
    def addEventListener(self, event: _WebSocketEventsName[_E], callback: Callable[[_E], object]) -> None: ...
    @overload
    def addEventListener(self, event: _WebSocketEventsName[Any], callback: Callable[[], object]) -> None: ...
    @overload
    def addEventListener(self, event: str, callback: Callable[..., object]) -> None: ...
    def removeEventListener(self, event: _WebSocketEventsName[Any] | str, callback: Callable[..., object] = ...) -> None: ...

class ASRModel:
    pass

class ASRProfile:
    pass

class Voice:
    pass

class AMD:
    class Events(metaclass=_Names):
        DetectionComplete: Final[_AMD_EventsName[AMD._DetectionCompleteEvent]]
        DetectionError: Final[_AMD_EventsName[AMD._DetectionErrorEvent]]

    class Model(metaclass=_Names):
        BR: Final = "br"
        CL: Final = "cl"
        CO: Final = "colombia"
        EU_GENERAL: Final = "eu_general"
        ES: Final = "es"
        KZ: Final = "kz"
        MX: Final = "mx"
        RU: Final = "ru"
        PH: Final = "ph"
        PE: Final = "pe"
        US: Final = "us"

    class ResultClass(metaclass=_Names):
        VOICEMAIL: Final = "VOICEMAIL"
        HUMAN: Final = "HUMAN"
        TIMEOUT: Final = "TIMEOUT"
        CALL_ENDED: Final = "CALL_ENDED"

    class ResultSubtype(metaclass=_Names):
        MIMIC: Final = "MIMIC"
        NONE: Final = "NONE"

    class _AMDEvent(_Struct):
        amd: AMD.AnsweringMachineDetector
        name: str
        id: str
        @overload
        def __getitem__(self, name: Literal["amd"], /) -> AMD.AnsweringMachineDetector: ...
        @overload
        def __getitem__(self, name: Literal["name"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["id"], /) -> str: ...

    class _DetectionCompleteEvent(AMD._AMDEvent):
        call: Call
        callId: str
        resultClass: _AMD_ResultClass
        resultSubtype: _AMD_ResultSubtype | Any
        confidence: float | Any
        @overload
        def __getitem__(self, name: Literal["amd"], /) -> AMD.AnsweringMachineDetector: ...
        @overload
        def __getitem__(self, name: Literal["name"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["call"], /) -> Call: ...
        @overload
        def __getitem__(self, name: Literal["callId"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["resultClass"], /) -> _AMD_ResultClass: ...
        @overload
        def __getitem__(self, name: Literal["resultSubtype"], /) -> _AMD_ResultSubtype | Any: ...
        @overload
        def __getitem__(self, name: Literal["confidence"], /) -> float | Any: ...

    class _DetectionErrorEvent(AMD._AMDEvent):
        callId: str | Any
        message: str
        @overload
        def __getitem__(self, name: Literal["amd"], /) -> AMD.AnsweringMachineDetector: ...
        @overload
        def __getitem__(self, name: Literal["name"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["callId"], /) -> str | Any: ...
        @overload
        def __getitem__(self, name: Literal["message"], /) -> str: ...

    class Parameters(TypedDict, total=False):
        model: Required[_AMD_Model]
        timeout: float
        thresholds: AMD.Thresholds
        call: Call

    class Thresholds(TypedDict, total=False):
        human: float
        voicemail: float
        mimic: float

    class AnsweringMachineDetector:
        call: Call | None
        model: _AMD_Model
        timeout: float | None
        def id(self) -> str: ...
        def detect(self) -> Awaitable[AMD._DetectionCompleteEvent | AMD._DetectionErrorEvent]: ...
        @overload
        def addEventListener(self, event: _AMD_EventsName[_E], callback: Callable[[_E], object]) -> None: ...
        @overload
        def addEventListener(self, event: _AMD_EventsName[Any], callback: Callable[[], object]) -> None: ...
        @overload
        def addEventListener(self, event: str, callback: Callable[..., object]) -> None: ...
        def removeEventListener(self, event: _AMD_EventsName[Any] | str, callback: Callable[..., object] = ...) -> None: ...

    @overload
    @staticmethod
    def create(parameters: AMD.Parameters) -> AMD.AnsweringMachineDetector: ...
    @overload
    @staticmethod
    def create(**parameters: Unpack[AMD.Parameters]) -> AMD.AnsweringMachineDetector: ...

class ApplicationStorage:
    @staticmethod
    def get(key: str) -> Awaitable[StorageKey | None]: ...
    @staticmethod
    def keys(pattern: str = ..., count: float = ...) -> Awaitable[StoragePage]: ...
    @staticmethod
    def put(key: str, value: str, ttl: float) -> Awaitable[StorageKey]: ...
    @staticmethod
    def remove(key: str) -> Awaitable[StorageKey]: ...

class CallList:
    @staticmethod
    def reportErrorAsync(error: str | Mapping[str, Any]) -> Awaitable[Net.HttpRequestResult]: ...
    @staticmethod
    def reportError(error: str | Mapping[str, Any], callback: Callable[[Net.HttpRequestResult], object] = ...) -> None: ...
    @staticmethod
    def reportProgressAsync(progress: str | Mapping[str, Any]) -> Awaitable[Net.HttpRequestResult]: ...
    @staticmethod
    def reportProgress(progress: str | Mapping[str, Any], callback: Callable[[Net.HttpRequestResult], object] = ...) -> None: ...
    @staticmethod
    def reportResultAsync(result: str | Mapping[str, Any]) -> Awaitable[Net.HttpRequestResult]: ...
    @staticmethod
    def reportResult(result: str | Mapping[str, Any], callback: Callable[[Net.HttpRequestResult], object] = ...) -> None: ...
    @overload
    @staticmethod
    def requestNextAttemptAsync(data: Mapping[str, Any]) -> Awaitable[Net.HttpRequestResult]: ...
    @overload
    @staticmethod
    def requestNextAttemptAsync(**data: Any) -> Awaitable[Net.HttpRequestResult]: ...
    @staticmethod
    def requestNextAttempt(data: Mapping[str, Any], callback: Callable[[Net.HttpRequestResult], object] = ...) -> None: ...

class Crypto:
    @staticmethod
    def hmac_sha256(key: str, data: str) -> str: ...
    @staticmethod
    def md5(data: str | Sequence[str]) -> str: ...
    @staticmethod
    def sha1(data: str) -> str: ...
    @staticmethod
    def sha256(data: str) -> str: ...

class Grok:
    class Events(metaclass=_Names):
        WebSocketMediaStarted: Final[_Grok_EventsName[Grok._WebSocketMediaStartedGrokEvent]]
        WebSocketMediaEnded: Final[_Grok_EventsName[Grok._WebSocketMediaEndedGrokEvent]]

    class VoiceAgentAPIEvents(metaclass=_Names):
        Unknown: Final[_Grok_VoiceAgentAPIEventsName[Grok._VoiceAgentAPIEvent]]
        ConversationCreated: Final[_Grok_VoiceAgentAPIEventsName[Grok._ConversationCreatedEvent]]
        SessionUpdated: Final[_Grok_VoiceAgentAPIEventsName[Grok._SessionUpdatedEvent]]
        ConversationItemAdded: Final[_Grok_VoiceAgentAPIEventsName[Grok._ConversationItemAddedEvent]]
        ConversationItemInputAudioTranscriptionCompleted: Final[_Grok_VoiceAgentAPIEventsName[Grok._ConversationItemInputAudioTranscriptionCompletedEvent]]
        InputAudioBufferCommitted: Final[_Grok_VoiceAgentAPIEventsName[Grok._InputAudioBufferCommittedEvent]]
        InputAudioBufferCleared: Final[_Grok_VoiceAgentAPIEventsName[Grok._InputAudioBufferClearedEvent]]
        InputAudioBufferSpeechStarted: Final[_Grok_VoiceAgentAPIEventsName[Grok._InputAudioBufferSpeechStartedEvent]]
        InputAudioBufferSpeechStopped: Final[_Grok_VoiceAgentAPIEventsName[Grok._InputAudioBufferSpeechStoppedEvent]]
        ResponseCreated: Final[_Grok_VoiceAgentAPIEventsName[Grok._ResponseCreatedEvent]]
        ResponseDone: Final[_Grok_VoiceAgentAPIEventsName[Grok._ResponseDoneEvent]]
        ResponseOutputItemAdded: Final[_Grok_VoiceAgentAPIEventsName[Grok._ResponseOutputItemAddedEvent]]
        ResponseOutputItemDone: Final[_Grok_VoiceAgentAPIEventsName[Grok._ResponseOutputItemDoneEvent]]
        ResponseOutputAudioTranscriptDelta: Final[_Grok_VoiceAgentAPIEventsName[Grok._ResponseOutputAudioTranscriptDeltaEvent]]
        ResponseOutputAudioTranscriptDone: Final[_Grok_VoiceAgentAPIEventsName[Grok._ResponseOutputAudioTranscriptDoneEvent]]
        ResponseOutputAudioDone: Final[_Grok_VoiceAgentAPIEventsName[Grok._ResponseOutputAudioDoneEvent]]
        ResponseContentPartAdded: Final[_Grok_VoiceAgentAPIEventsName[Grok._ResponseContentPartAddedEvent]]
        ResponseContentPartDone: Final[_Grok_VoiceAgentAPIEventsName[Grok._ResponseContentPartDoneEvent]]
        ResponseFunctionCallArgumentsDone: Final[_Grok_VoiceAgentAPIEventsName[Grok._ResponseFunctionCallArgumentsDoneEvent]]
        WebSocketError: Final[_Grok_VoiceAgentAPIEventsName[Grok._VoiceAgentAPIEvent]]
        ConnectorInformation: Final[_Grok_VoiceAgentAPIEventsName[Grok._VoiceAgentAPIEvent]]

    class _Event(_Struct):
        client: Grok.VoiceAgentAPIClient
        name: str
        id: str
        @overload
        def __getitem__(self, name: Literal["client"], /) -> Grok.VoiceAgentAPIClient: ...
        @overload
        def __getitem__(self, name: Literal["name"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["id"], /) -> str: ...

    class _WebSocketMediaStartedGrokEvent(_Struct):
        client: Grok.VoiceAgentAPIClient
        name: str
        id: str
        tag: str | Any
        encoding: str | Any
        customParameters: dict[str, str] | Any
        @overload
        def __getitem__(self, name: Literal["client"], /) -> Grok.VoiceAgentAPIClient: ...
        @overload
        def __getitem__(self, name: Literal["name"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["tag"], /) -> str | Any: ...
        @overload
        def __getitem__(self, name: Literal["encoding"], /) -> str | Any: ...
        @overload
        def __getitem__(self, name: Literal["customParameters"], /) -> dict[str, str] | Any: ...

    class _WebSocketMediaEndedGrokEvent(_Struct):
        client: Grok.VoiceAgentAPIClient
        name: str
        id: str
        tag: str | Any
        mediaInfo: WebSocketMediaInfo | Any
        @overload
        def __getitem__(self, name: Literal["client"], /) -> Grok.VoiceAgentAPIClient: ...
        @overload
        def __getitem__(self, name: Literal["name"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["tag"], /) -> str | Any: ...
        @overload
        def __getitem__(self, name: Literal["mediaInfo"], /) -> WebSocketMediaInfo | Any: ...

    class VoiceAgentAPIClientParameters(_VoiceAIClientParameters, total=False):
        xAIApiKey: Required[str]
        model: str

    class _VoiceAgentAPIEvent(_Struct):
        client: Grok.VoiceAgentAPIClient
        data: Any
        name: str
        id: str
        @overload
        def __getitem__(self, name: Literal["client"], /) -> Grok.VoiceAgentAPIClient: ...
        @overload
        def __getitem__(self, name: Literal["data"], /) -> Any: ...
        @overload
        def __getitem__(self, name: Literal["name"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["id"], /) -> str: ...

    class _ConversationCreatedPayload(_Struct):
        event_id: str
        type: str
        conversation: Any
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["conversation"], /) -> Any: ...

    class _ConversationCreatedData(Grok._ConversationCreatedPayload):
        customEvent: str
        payload: Grok._ConversationCreatedPayload
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["conversation"], /) -> Any: ...
        @overload
        def __getitem__(self, name: Literal["customEvent"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["payload"], /) -> Grok._ConversationCreatedPayload: ...

    class _ConversationCreatedEvent(Grok._Event):
        data: Grok._ConversationCreatedData
        @overload
        def __getitem__(self, name: Literal["client"], /) -> Grok.VoiceAgentAPIClient: ...
        @overload
        def __getitem__(self, name: Literal["name"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["data"], /) -> Grok._ConversationCreatedData: ...

    class _SessionUpdatedPayload(_Struct):
        event_id: str
        type: str
        session: Any
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["session"], /) -> Any: ...

    class _SessionUpdatedData(Grok._SessionUpdatedPayload):
        customEvent: str
        payload: Grok._SessionUpdatedPayload
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["session"], /) -> Any: ...
        @overload
        def __getitem__(self, name: Literal["customEvent"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["payload"], /) -> Grok._SessionUpdatedPayload: ...

    class _SessionUpdatedEvent(Grok._Event):
        data: Grok._SessionUpdatedData
        @overload
        def __getitem__(self, name: Literal["client"], /) -> Grok.VoiceAgentAPIClient: ...
        @overload
        def __getitem__(self, name: Literal["name"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["data"], /) -> Grok._SessionUpdatedData: ...

    class _ConversationItemAddedPayload(_Struct):
        event_id: str
        type: str
        previous_item_id: str
        item: Any
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["previous_item_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["item"], /) -> Any: ...

    class _ConversationItemAddedData(Grok._ConversationItemAddedPayload):
        customEvent: str
        payload: Grok._ConversationItemAddedPayload
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["previous_item_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["item"], /) -> Any: ...
        @overload
        def __getitem__(self, name: Literal["customEvent"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["payload"], /) -> Grok._ConversationItemAddedPayload: ...

    class _ConversationItemAddedEvent(Grok._Event):
        data: Grok._ConversationItemAddedData
        @overload
        def __getitem__(self, name: Literal["client"], /) -> Grok.VoiceAgentAPIClient: ...
        @overload
        def __getitem__(self, name: Literal["name"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["data"], /) -> Grok._ConversationItemAddedData: ...

    class _ConversationItemInputAudioTranscriptionCompletedPayload(_Struct):
        event_id: str
        type: str
        item_id: str
        transcript: str
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["item_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["transcript"], /) -> str: ...

    class _ConversationItemInputAudioTranscriptionCompletedData(Grok._ConversationItemInputAudioTranscriptionCompletedPayload):
        customEvent: str
        payload: Grok._ConversationItemInputAudioTranscriptionCompletedPayload
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["item_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["transcript"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["customEvent"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["payload"], /) -> Grok._ConversationItemInputAudioTranscriptionCompletedPayload: ...

    class _ConversationItemInputAudioTranscriptionCompletedEvent(Grok._Event):
        data: Grok._ConversationItemInputAudioTranscriptionCompletedData
        @overload
        def __getitem__(self, name: Literal["client"], /) -> Grok.VoiceAgentAPIClient: ...
        @overload
        def __getitem__(self, name: Literal["name"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["data"], /) -> Grok._ConversationItemInputAudioTranscriptionCompletedData: ...

    class _InputAudioBufferCommittedPayload(_Struct):
        event_id: str
        type: str
        previous_item_id: str
        item_id: str
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["previous_item_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["item_id"], /) -> str: ...

    class _InputAudioBufferCommittedData(Grok._InputAudioBufferCommittedPayload):
        customEvent: str
        payload: Grok._InputAudioBufferCommittedPayload
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["previous_item_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["item_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["customEvent"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["payload"], /) -> Grok._InputAudioBufferCommittedPayload: ...

    class _InputAudioBufferCommittedEvent(Grok._Event):
        data: Grok._InputAudioBufferCommittedData
        @overload
        def __getitem__(self, name: Literal["client"], /) -> Grok.VoiceAgentAPIClient: ...
        @overload
        def __getitem__(self, name: Literal["name"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["data"], /) -> Grok._InputAudioBufferCommittedData: ...

    class _InputAudioBufferClearedPayload(_Struct):
        event_id: str
        type: str
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...

    class _InputAudioBufferClearedData(Grok._InputAudioBufferClearedPayload):
        customEvent: str
        payload: Grok._InputAudioBufferClearedPayload
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["customEvent"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["payload"], /) -> Grok._InputAudioBufferClearedPayload: ...

    class _InputAudioBufferClearedEvent(Grok._Event):
        data: Grok._InputAudioBufferClearedData
        @overload
        def __getitem__(self, name: Literal["client"], /) -> Grok.VoiceAgentAPIClient: ...
        @overload
        def __getitem__(self, name: Literal["name"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["data"], /) -> Grok._InputAudioBufferClearedData: ...

    class _InputAudioBufferSpeechStartedPayload(_Struct):
        event_id: str
        type: str
        item_id: str
        audio_start_ms: int
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["item_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["audio_start_ms"], /) -> int: ...

    class _InputAudioBufferSpeechStartedData(Grok._InputAudioBufferSpeechStartedPayload):
        customEvent: str
        payload: Grok._InputAudioBufferSpeechStartedPayload
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["item_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["audio_start_ms"], /) -> int: ...
        @overload
        def __getitem__(self, name: Literal["customEvent"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["payload"], /) -> Grok._InputAudioBufferSpeechStartedPayload: ...

    class _InputAudioBufferSpeechStartedEvent(Grok._Event):
        data: Grok._InputAudioBufferSpeechStartedData
        @overload
        def __getitem__(self, name: Literal["client"], /) -> Grok.VoiceAgentAPIClient: ...
        @overload
        def __getitem__(self, name: Literal["name"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["data"], /) -> Grok._InputAudioBufferSpeechStartedData: ...

    class _InputAudioBufferSpeechStoppedPayload(_Struct):
        event_id: str
        type: str
        item_id: str
        audio_end_ms: int
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["item_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["audio_end_ms"], /) -> int: ...

    class _InputAudioBufferSpeechStoppedData(Grok._InputAudioBufferSpeechStoppedPayload):
        customEvent: str
        payload: Grok._InputAudioBufferSpeechStoppedPayload
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["item_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["audio_end_ms"], /) -> int: ...
        @overload
        def __getitem__(self, name: Literal["customEvent"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["payload"], /) -> Grok._InputAudioBufferSpeechStoppedPayload: ...

    class _InputAudioBufferSpeechStoppedEvent(Grok._Event):
        data: Grok._InputAudioBufferSpeechStoppedData
        @overload
        def __getitem__(self, name: Literal["client"], /) -> Grok.VoiceAgentAPIClient: ...
        @overload
        def __getitem__(self, name: Literal["name"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["data"], /) -> Grok._InputAudioBufferSpeechStoppedData: ...

    class _ResponseCreatedPayload(_Struct):
        event_id: str
        type: str
        response: Any
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["response"], /) -> Any: ...

    class _ResponseCreatedData(Grok._ResponseCreatedPayload):
        customEvent: str
        payload: Grok._ResponseCreatedPayload
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["response"], /) -> Any: ...
        @overload
        def __getitem__(self, name: Literal["customEvent"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["payload"], /) -> Grok._ResponseCreatedPayload: ...

    class _ResponseCreatedEvent(Grok._Event):
        data: Grok._ResponseCreatedData
        @overload
        def __getitem__(self, name: Literal["client"], /) -> Grok.VoiceAgentAPIClient: ...
        @overload
        def __getitem__(self, name: Literal["name"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["data"], /) -> Grok._ResponseCreatedData: ...

    class _ResponseDonePayload(_Struct):
        event_id: str
        type: str
        response: Any
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["response"], /) -> Any: ...

    class _ResponseDoneData(Grok._ResponseDonePayload):
        customEvent: str
        payload: Grok._ResponseDonePayload
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["response"], /) -> Any: ...
        @overload
        def __getitem__(self, name: Literal["customEvent"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["payload"], /) -> Grok._ResponseDonePayload: ...

    class _ResponseDoneEvent(Grok._Event):
        data: Grok._ResponseDoneData
        @overload
        def __getitem__(self, name: Literal["client"], /) -> Grok.VoiceAgentAPIClient: ...
        @overload
        def __getitem__(self, name: Literal["name"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["data"], /) -> Grok._ResponseDoneData: ...

    class _ResponseOutputItemAddedPayload(_Struct):
        event_id: str
        type: str
        response_id: str
        output_index: int
        item: Any
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["response_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["output_index"], /) -> int: ...
        @overload
        def __getitem__(self, name: Literal["item"], /) -> Any: ...

    class _ResponseOutputItemAddedData(Grok._ResponseOutputItemAddedPayload):
        customEvent: str
        payload: Grok._ResponseOutputItemAddedPayload
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["response_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["output_index"], /) -> int: ...
        @overload
        def __getitem__(self, name: Literal["item"], /) -> Any: ...
        @overload
        def __getitem__(self, name: Literal["customEvent"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["payload"], /) -> Grok._ResponseOutputItemAddedPayload: ...

    class _ResponseOutputItemAddedEvent(Grok._Event):
        data: Grok._ResponseOutputItemAddedData
        @overload
        def __getitem__(self, name: Literal["client"], /) -> Grok.VoiceAgentAPIClient: ...
        @overload
        def __getitem__(self, name: Literal["name"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["data"], /) -> Grok._ResponseOutputItemAddedData: ...

    class _ResponseOutputItemDonePayload(_Struct):
        event_id: str
        type: str
        response_id: str
        output_index: int
        item: Any
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["response_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["output_index"], /) -> int: ...
        @overload
        def __getitem__(self, name: Literal["item"], /) -> Any: ...

    class _ResponseOutputItemDoneData(Grok._ResponseOutputItemDonePayload):
        customEvent: str
        payload: Grok._ResponseOutputItemDonePayload
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["response_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["output_index"], /) -> int: ...
        @overload
        def __getitem__(self, name: Literal["item"], /) -> Any: ...
        @overload
        def __getitem__(self, name: Literal["customEvent"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["payload"], /) -> Grok._ResponseOutputItemDonePayload: ...

    class _ResponseOutputItemDoneEvent(Grok._Event):
        data: Grok._ResponseOutputItemDoneData
        @overload
        def __getitem__(self, name: Literal["client"], /) -> Grok.VoiceAgentAPIClient: ...
        @overload
        def __getitem__(self, name: Literal["name"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["data"], /) -> Grok._ResponseOutputItemDoneData: ...

    class _ResponseOutputAudioTranscriptDeltaPayload(_Struct):
        event_id: str
        type: str
        response_id: str
        item_id: str
        output_index: int
        content_index: int
        delta: str
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["response_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["item_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["output_index"], /) -> int: ...
        @overload
        def __getitem__(self, name: Literal["content_index"], /) -> int: ...
        @overload
        def __getitem__(self, name: Literal["delta"], /) -> str: ...

    class _ResponseOutputAudioTranscriptDeltaData(Grok._ResponseOutputAudioTranscriptDeltaPayload):
        customEvent: str
        payload: Grok._ResponseOutputAudioTranscriptDeltaPayload
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["response_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["item_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["output_index"], /) -> int: ...
        @overload
        def __getitem__(self, name: Literal["content_index"], /) -> int: ...
        @overload
        def __getitem__(self, name: Literal["delta"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["customEvent"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["payload"], /) -> Grok._ResponseOutputAudioTranscriptDeltaPayload: ...

    class _ResponseOutputAudioTranscriptDeltaEvent(Grok._Event):
        data: Grok._ResponseOutputAudioTranscriptDeltaData
        @overload
        def __getitem__(self, name: Literal["client"], /) -> Grok.VoiceAgentAPIClient: ...
        @overload
        def __getitem__(self, name: Literal["name"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["data"], /) -> Grok._ResponseOutputAudioTranscriptDeltaData: ...

    class _ResponseOutputAudioTranscriptDonePayload(_Struct):
        event_id: str
        type: str
        response_id: str
        item_id: str
        output_index: int
        content_index: int
        transcript: str
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["response_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["item_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["output_index"], /) -> int: ...
        @overload
        def __getitem__(self, name: Literal["content_index"], /) -> int: ...
        @overload
        def __getitem__(self, name: Literal["transcript"], /) -> str: ...

    class _ResponseOutputAudioTranscriptDoneData(Grok._ResponseOutputAudioTranscriptDonePayload):
        customEvent: str
        payload: Grok._ResponseOutputAudioTranscriptDonePayload
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["response_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["item_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["output_index"], /) -> int: ...
        @overload
        def __getitem__(self, name: Literal["content_index"], /) -> int: ...
        @overload
        def __getitem__(self, name: Literal["transcript"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["customEvent"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["payload"], /) -> Grok._ResponseOutputAudioTranscriptDonePayload: ...

    class _ResponseOutputAudioTranscriptDoneEvent(Grok._Event):
        data: Grok._ResponseOutputAudioTranscriptDoneData
        @overload
        def __getitem__(self, name: Literal["client"], /) -> Grok.VoiceAgentAPIClient: ...
        @overload
        def __getitem__(self, name: Literal["name"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["data"], /) -> Grok._ResponseOutputAudioTranscriptDoneData: ...

    class _ResponseOutputAudioDonePayload(_Struct):
        event_id: str
        type: str
        response_id: str
        item_id: str
        output_index: int
        content_index: int
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["response_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["item_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["output_index"], /) -> int: ...
        @overload
        def __getitem__(self, name: Literal["content_index"], /) -> int: ...

    class _ResponseOutputAudioDoneData(Grok._ResponseOutputAudioDonePayload):
        customEvent: str
        payload: Grok._ResponseOutputAudioDonePayload
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["response_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["item_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["output_index"], /) -> int: ...
        @overload
        def __getitem__(self, name: Literal["content_index"], /) -> int: ...
        @overload
        def __getitem__(self, name: Literal["customEvent"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["payload"], /) -> Grok._ResponseOutputAudioDonePayload: ...

    class _ResponseOutputAudioDoneEvent(Grok._Event):
        data: Grok._ResponseOutputAudioDoneData
        @overload
        def __getitem__(self, name: Literal["client"], /) -> Grok.VoiceAgentAPIClient: ...
        @overload
        def __getitem__(self, name: Literal["name"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["data"], /) -> Grok._ResponseOutputAudioDoneData: ...

    class _ResponseContentPartAddedPayload(_Struct):
        event_id: str
        type: str
        response_id: str
        item_id: str
        output_index: int
        content_index: int
        part: Any
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["response_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["item_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["output_index"], /) -> int: ...
        @overload
        def __getitem__(self, name: Literal["content_index"], /) -> int: ...
        @overload
        def __getitem__(self, name: Literal["part"], /) -> Any: ...

    class _ResponseContentPartAddedData(Grok._ResponseContentPartAddedPayload):
        customEvent: str
        payload: Grok._ResponseContentPartAddedPayload
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["response_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["item_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["output_index"], /) -> int: ...
        @overload
        def __getitem__(self, name: Literal["content_index"], /) -> int: ...
        @overload
        def __getitem__(self, name: Literal["part"], /) -> Any: ...
        @overload
        def __getitem__(self, name: Literal["customEvent"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["payload"], /) -> Grok._ResponseContentPartAddedPayload: ...

    class _ResponseContentPartAddedEvent(Grok._Event):
        data: Grok._ResponseContentPartAddedData
        @overload
        def __getitem__(self, name: Literal["client"], /) -> Grok.VoiceAgentAPIClient: ...
        @overload
        def __getitem__(self, name: Literal["name"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["data"], /) -> Grok._ResponseContentPartAddedData: ...

    class _ResponseContentPartDonePayload(_Struct):
        event_id: str
        type: str
        response_id: str
        item_id: str
        output_index: int
        content_index: int
        part: Any
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["response_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["item_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["output_index"], /) -> int: ...
        @overload
        def __getitem__(self, name: Literal["content_index"], /) -> int: ...
        @overload
        def __getitem__(self, name: Literal["part"], /) -> Any: ...

    class _ResponseContentPartDoneData(Grok._ResponseContentPartDonePayload):
        customEvent: str
        payload: Grok._ResponseContentPartDonePayload
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["response_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["item_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["output_index"], /) -> int: ...
        @overload
        def __getitem__(self, name: Literal["content_index"], /) -> int: ...
        @overload
        def __getitem__(self, name: Literal["part"], /) -> Any: ...
        @overload
        def __getitem__(self, name: Literal["customEvent"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["payload"], /) -> Grok._ResponseContentPartDonePayload: ...

    class _ResponseContentPartDoneEvent(Grok._Event):
        data: Grok._ResponseContentPartDoneData
        @overload
        def __getitem__(self, name: Literal["client"], /) -> Grok.VoiceAgentAPIClient: ...
        @overload
        def __getitem__(self, name: Literal["name"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["data"], /) -> Grok._ResponseContentPartDoneData: ...

    class _ResponseFunctionCallArgumentsDonePayload(_Struct):
        event_id: str
        type: str
        response_id: str
        item_id: str
        output_index: int
        call_id: str
        name: str
        arguments: str
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["response_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["item_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["output_index"], /) -> int: ...
        @overload
        def __getitem__(self, name: Literal["call_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["name"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["arguments"], /) -> str: ...

    class _ResponseFunctionCallArgumentsDoneData(Grok._ResponseFunctionCallArgumentsDonePayload):
        customEvent: str
        payload: Grok._ResponseFunctionCallArgumentsDonePayload
        @overload
        def __getitem__(self, name: Literal["event_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["type"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["response_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["item_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["output_index"], /) -> int: ...
        @overload
        def __getitem__(self, name: Literal["call_id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["name"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["arguments"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["customEvent"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["payload"], /) -> Grok._ResponseFunctionCallArgumentsDonePayload: ...

    class _ResponseFunctionCallArgumentsDoneEvent(Grok._Event):
        data: Grok._ResponseFunctionCallArgumentsDoneData
        @overload
        def __getitem__(self, name: Literal["client"], /) -> Grok.VoiceAgentAPIClient: ...
        @overload
        def __getitem__(self, name: Literal["name"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["id"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["data"], /) -> Grok._ResponseFunctionCallArgumentsDoneData: ...

    class VoiceAgentAPIClient:
        def id(self) -> str: ...
        def webSocketId(self) -> str: ...
        def close(self) -> None: ...
        @overload
        def sendMediaTo(self, mediaUnit: VoxMediaUnit, parameters: SendMediaParameters = ...) -> None: ...
        @overload
        def sendMediaTo(self, mediaUnit: VoxMediaUnit, **parameters: Unpack[SendMediaParameters]) -> None: ...
        def stopMediaTo(self, mediaUnit: VoxMediaUnit) -> None: ...
        @overload
        def clearMediaBuffer(self, parameters: ClearMediaBufferParameters = ...) -> None: ...
        @overload
        def clearMediaBuffer(self, **parameters: Unpack[ClearMediaBufferParameters]) -> None: ...
        @overload
        def sessionUpdate(self, parameters: Mapping[str, Any]) -> None: ...
        @overload
        def sessionUpdate(self, **parameters: Any) -> None: ...
        @overload
        def inputAudioBufferClear(self, parameters: Mapping[str, Any]) -> None: ...
        @overload
        def inputAudioBufferClear(self, **parameters: Any) -> None: ...
        @overload
        def conversationItemCreate(self, parameters: Mapping[str, Any]) -> None: ...
        @overload
        def conversationItemCreate(self, **parameters: Any) -> None: ...
        @overload
        def responseCreate(self, parameters: Mapping[str, Any]) -> None: ...
        @overload
        def responseCreate(self, **parameters: Any) -> None: ...
        @overload
        def addEventListener(self, event: _Grok_EventsName[_E] | _Grok_VoiceAgentAPIEventsName[_E], callback: Callable[[_E], object]) -> None: ...
        @overload
        def addEventListener(self, event: _Grok_EventsName[Any] | _Grok_VoiceAgentAPIEventsName[Any], callback: Callable[[], object]) -> None: ...
        @overload
        def addEventListener(self, event: str, callback: Callable[..., object]) -> None: ...
        def removeEventListener(self, event: _Grok_EventsName[Any] | _Grok_VoiceAgentAPIEventsName[Any] | str, callback: Callable[..., object] = ...) -> None: ...

    @overload
    @staticmethod
    def createVoiceAgentAPIClient(parameters: Grok.VoiceAgentAPIClientParameters) -> Awaitable[Grok.VoiceAgentAPIClient]: ...
    @overload
    @staticmethod
    def createVoiceAgentAPIClient(**parameters: Unpack[Grok.VoiceAgentAPIClientParameters]) -> Awaitable[Grok.VoiceAgentAPIClient]: ...

class IVR:
    @staticmethod
    def reset() -> None: ...

class Logger:
    @staticmethod
    def hideTones(flag: bool = ...) -> None: ...
    @staticmethod
    def write(message: object) -> None: ...

class Net:
    class SendMailOptions(TypedDict, total=False):
        html: str
        cc: Sequence[str]
        bcc: Sequence[str]
        port: float
        login: str
        password: str

    class SendMailResult(_Struct):
        code: int
        error: str | Any
        @overload
        def __getitem__(self, name: Literal["code"], /) -> int: ...
        @overload
        def __getitem__(self, name: Literal["error"], /) -> str | Any: ...

    class HttpRequestOptions(TypedDict, total=False):
        method: str
        postData: str | Sequence[float]
        headers: Mapping[str, str]
        params: Mapping[str, str]
        rawOutput: bool
        timeout: float
        connectionTimeout: float
        enableSystemLog: bool

    class HttpRequestResult(_Struct):
        code: int
        raw_headers: str | Any
        headers: list[Any] | Any
        text: str | Any
        data: list[int] | Any
        error: str | Any
        @overload
        def __getitem__(self, name: Literal["code"], /) -> int: ...
        @overload
        def __getitem__(self, name: Literal["raw_headers"], /) -> str | Any: ...
        @overload
        def __getitem__(self, name: Literal["headers"], /) -> list[Any] | Any: ...
        @overload
        def __getitem__(self, name: Literal["text"], /) -> str | Any: ...
        @overload
        def __getitem__(self, name: Literal["data"], /) -> list[int] | Any: ...
        @overload
        def __getitem__(self, name: Literal["error"], /) -> str | Any: ...

    @overload
    @staticmethod
    def httpRequestAsync(url: str, options: Net.HttpRequestOptions = ...) -> Awaitable[Net.HttpRequestResult]: ...
    @overload
    @staticmethod
    def httpRequestAsync(url: str, **options: Unpack[Net.HttpRequestOptions]) -> Awaitable[Net.HttpRequestResult]: ...
    @overload
    @staticmethod
    def httpRequest(url: str, callback: Callable[[Net.HttpRequestResult], object], options: Net.HttpRequestOptions = ...) -> None: ...
    @overload
    @staticmethod
    def httpRequest(url: str, callback: Callable[[Net.HttpRequestResult], object], **options: Unpack[Net.HttpRequestOptions]) -> None: ...
    @overload
    @staticmethod
    def sendMailAsync(mailServerAddress: str, from_: str, to: str | Sequence[str], title: str, body: str, options: Net.SendMailOptions = ...) -> Awaitable[Net.SendMailResult]: ...
    @overload
    @staticmethod
    def sendMailAsync(mailServerAddress: str, from_: str, to: str | Sequence[str], title: str, body: str, **options: Unpack[Net.SendMailOptions]) -> Awaitable[Net.SendMailResult]: ...
    @overload
    @staticmethod
    def sendMail(mailServerAddress: str, from_: str, to: str | Sequence[str], title: str, body: str, callback: Callable[[Net.SendMailResult], object], options: Net.SendMailOptions = ...) -> None: ...
    @overload
    @staticmethod
    def sendMail(mailServerAddress: str, from_: str, to: str | Sequence[str], title: str, body: str, callback: Callable[[Net.SendMailResult], object], **options: Unpack[Net.SendMailOptions]) -> None: ...

class PhoneNumber:
    class Info(_Struct):
        numberType: str
        region: str
        location: str
        isPossibleNumber: bool
        isValidNumber: bool
        isValidNumberForRegion: bool
        number: str
        error: str | Any
        @overload
        def __getitem__(self, name: Literal["numberType"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["region"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["location"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["isPossibleNumber"], /) -> bool: ...
        @overload
        def __getitem__(self, name: Literal["isValidNumber"], /) -> bool: ...
        @overload
        def __getitem__(self, name: Literal["isValidNumberForRegion"], /) -> bool: ...
        @overload
        def __getitem__(self, name: Literal["number"], /) -> str: ...
        @overload
        def __getitem__(self, name: Literal["error"], /) -> str | Any: ...

    @staticmethod
    def getInfo(number: str, country: str = ...) -> PhoneNumber.Info: ...

class VoxEngine:
    @staticmethod
    def allowWebSocketConnections() -> None: ...
    @staticmethod
    def callConference(conferenceId: str, callerid: str, displayName: str, headers: Mapping[str, str] = ..., scheme: Mapping[str, Mapping[str, Any]] = ...) -> Call: ...
    @overload
    @staticmethod
    def callPSTN(number: str, callerid: str, parameters: CallPSTNParameters = ...) -> Call: ...
    @overload
    @staticmethod
    def callPSTN(number: str, callerid: str, **parameters: Unpack[CallPSTNParameters]) -> Call: ...
    @overload
    @staticmethod
    def callSIP(to: str, parameters: CallSIPParameters = ...) -> Call: ...
    @overload
    @staticmethod
    def callSIP(to: str, **parameters: Unpack[CallSIPParameters]) -> Call: ...
    @overload
    @staticmethod
    def callUserDirect(incomingCall: Call, username: str, parameters: CallUserDirectParameters) -> Call: ...
    @overload
    @staticmethod
    def callUserDirect(incomingCall: Call, username: str, **parameters: Unpack[CallUserDirectParameters]) -> Call: ...
    @overload
    @staticmethod
    def callUser(parameters: CallUserParameters) -> Call: ...
    @overload
    @staticmethod
    def callUser(**parameters: Unpack[CallUserParameters]) -> Call: ...
    @overload
    @staticmethod
    def callWhatsappUser(parameters: CallWhatsappUserParameters) -> Call: ...
    @overload
    @staticmethod
    def callWhatsappUser(**parameters: Unpack[CallWhatsappUserParameters]) -> Call: ...
    @overload
    @staticmethod
    def createASR(parameters: str | ASRParameters) -> ASR: ...
    @overload
    @staticmethod
    def createASR(**parameters: Unpack[ASRParameters]) -> ASR: ...
    @overload
    @staticmethod
    def createConference(parameters: ConferenceParameters) -> Conference: ...
    @overload
    @staticmethod
    def createConference(**parameters: Unpack[ConferenceParameters]) -> Conference: ...
    @overload
    @staticmethod
    def createRecorder(parameters: RecorderParameters = ...) -> Recorder | ConferenceRecorder: ...
    @overload
    @staticmethod
    def createRecorder(**parameters: Unpack[RecorderParameters]) -> Recorder | ConferenceRecorder: ...
    @overload
    @staticmethod
    def createSequencePlayer(parameters: SequencePlayerParameters) -> SequencePlayer: ...
    @overload
    @staticmethod
    def createSequencePlayer(**parameters: Unpack[SequencePlayerParameters]) -> SequencePlayer: ...
    @overload
    @staticmethod
    def createStreamingAgent(parameters: StreamingAgentParameters) -> StreamingAgent: ...
    @overload
    @staticmethod
    def createStreamingAgent(**parameters: Unpack[StreamingAgentParameters]) -> StreamingAgent: ...
    @overload
    @staticmethod
    def createToneScriptPlayer(script: str, parameters: bool | ToneScriptPlayerParameters = ...) -> Player: ...
    @overload
    @staticmethod
    def createToneScriptPlayer(script: str, **parameters: Unpack[ToneScriptPlayerParameters]) -> Player: ...
    @overload
    @staticmethod
    def createTTSPlayer(text: str, parameters: str | Voice | TTSPlayerParameters = ...) -> Player: ...
    @overload
    @staticmethod
    def createTTSPlayer(text: str, **parameters: Unpack[TTSPlayerParameters]) -> Player: ...
    @overload
    @staticmethod
    def createURLPlayer(request: str | URLPlayerRequest, parameters: bool | URLPlayerParameters = ...) -> Player: ...
    @overload
    @staticmethod
    def createURLPlayer(request: str | URLPlayerRequest, **parameters: Unpack[URLPlayerParameters]) -> Player: ...
    @overload
    @staticmethod
    def createWebSocket(url: str, parameters: WebSocketParameters = ...) -> WebSocket: ...
    @overload
    @staticmethod
    def createWebSocket(url: str, **parameters: Unpack[WebSocketParameters]) -> WebSocket: ...
    @staticmethod
    def customData(customData: str = ...) -> str: ...
    @staticmethod
    def destroyConference(conference: Conference) -> None: ...
    @staticmethod
    def disableStatisticsForIncomingWebsockets() -> None: ...
    @staticmethod
    def disableTraceForIncomingWebsockets() -> None: ...
    @staticmethod
    def easyProcess(call1: Call, call2: Call, onEstablishedCallback: Callable[[Call, Call], object] = ..., direct: bool = ...) -> None: ...
    @staticmethod
    def enableStatisticsForIncomingWebsockets() -> None: ...
    @staticmethod
    def enableTraceForIncomingWebsockets() -> None: ...
    @overload
    @staticmethod
    def enqueueACDRequest(queueName: str, callerid: str, parameters: ACDEnqueueParameters = ...) -> ACDRequest: ...
    @overload
    @staticmethod
    def enqueueACDRequest(queueName: str, callerid: str, **parameters: Unpack[ACDEnqueueParameters]) -> ACDRequest: ...
    @overload
    @staticmethod
    def enqueueTask(parameters: SmartQueueTaskParameters) -> SmartQueueTask: ...
    @overload
    @staticmethod
    def enqueueTask(**parameters: Unpack[SmartQueueTaskParameters]) -> SmartQueueTask: ...
    @staticmethod
    def forwardCallToPSTN(numberTransform: Callable[[str], str] = ..., onEstablishedCallback: Callable[[Call, Call], object] = ..., options: Mapping[str, Any] = ...) -> None: ...
    @staticmethod
    def forwardCallToSIP(onEstablishedCallback: Callable[[Call, Call], object] = ..., video: bool = ...) -> None: ...
    @staticmethod
    def forwardCallToUserDirect(onEstablishedCallback: Callable[[Call, Call], object] = ...) -> None: ...
    @staticmethod
    def forwardCallToUser(onEstablishedCallback: Callable[[Call, Call], object] = ..., video: bool = ...) -> None: ...
    @staticmethod
    def getSecretValue(name: str) -> str | Any: ...
    @staticmethod
    def playSoundAndHangup(fileURL: str) -> None: ...
    @staticmethod
    def sendMediaBetween(mediaUnit1: VoxMediaUnit, mediaUnit2: VoxMediaUnit) -> None: ...
    @staticmethod
    def stopMediaBetween(mediaUnit1: VoxMediaUnit, mediaUnit2: VoxMediaUnit) -> None: ...
    @staticmethod
    def terminate(ignored: object = ..., /) -> None: ...
    @overload
    @staticmethod
    def addEventListener(event: _AppEventsName[_E], callback: Callable[[_E], object]) -> None: ...
    @overload
    @staticmethod
    def addEventListener(event: _AppEventsName[Any], callback: Callable[[], object]) -> None: ...
    @overload
    @staticmethod
    def addEventListener(event: str, callback: Callable[..., object]) -> None: ...
    @staticmethod
    def removeEventListener(event: _AppEventsName[Any] | str, callback: Callable[..., object] = ...) -> None: ...

def require(module: str | None) -> None: ...

def trace(data: str) -> None: ...

def base64_decode(data: str) -> list[int]: ...

def base64_encode(data: str | Sequence[float]) -> str: ...

def bytes2hex(data: Sequence[float], toUpperCase: bool) -> str: ...

def bytes2str(data: Sequence[float], encoding: str = ...) -> str: ...

def clearInterval(intervalID: float) -> None: ...

def clearTimeout(timeoutID: float) -> None: ...

def getLocalTime(timezone: str, date: datetime) -> datetime: ...

def hex2bytes(data: str) -> list[int]: ...

def levenshtein_distance(str1: str, str2: str) -> int: ...

def setInterval(callback: Callable[..., object], timeout: float = ..., *arguments: Any) -> int: ...

def setTimeout(callback: Callable[..., object], timeout: float = ..., *arguments: Any) -> int: ...

def str2bytes(data: str, encoding: str = ...) -> list[int]: ...

def uuidgen() -> str: ...

__all__ = ["ACDEnqueueParameters", "ACDEvents", "ACDRequest", "AMD", "ASR", "ASRDictionary", "ASREvents", "ASRLanguage", "ASRModel", "ASRModelList", "ASRParameters", "ASRProfile", "ASRProfileList", "AppEvents", "ApplicationStorage", "BaseCallParameters", "BasePlayer", "BaseRecorderParameters", "Call", "CallAnswerParameters", "CallAudioQuality", "CallEnableBeepDetectionParameters", "CallEvents", "CallList", "CallMediaStatistics", "CallMediaStatisticsSample", "CallPSTNParameters", "CallRecordParameters", "CallSIPParameters", "CallSayParameters", "CallUserDirectParameters", "CallUserParameters", "CallWhatsappUserParameters", "ClearMediaBufferParameters", "Conference", "ConferenceDirection", "ConferenceEvents", "ConferenceMode", "ConferenceParameters", "ConferenceRecorder", "Crypto", "DTMFType", "Date", "Endpoint", "EndpointParameters", "Grok", "IVR", "IVRPrompt", "IVRSettings", "IVRState", "JSON", "Logger", "Modules", "MonitorMediaStatisticsParameters", "Net", "ParticipantReceiveParameters", "PhoneNumber", "Player", "PlayerEvents", "ReceiveParameters", "RecordExpireTime", "Recorder", "RecorderDirection", "RecorderDrawArea", "RecorderEvents", "RecorderGridDefinition", "RecorderLabelFont", "RecorderLabelPosition", "RecorderLabelTextAlign", "RecorderLabels", "RecorderLayout", "RecorderLayoutPriority", "RecorderObjectFit", "RecorderParameters", "RecorderProfile", "RecorderVad", "RecorderVideoParameters", "SendMediaParameters", "SequencePlayer", "SequencePlayerEvents", "SequencePlayerParameters", "SequencePlayerSegment", "SmartQueue", "SmartQueueEvents", "SmartQueueOperatorSettings", "SmartQueueOperatorSettingsMode", "SmartQueueSkill", "SmartQueueTask", "SmartQueueTaskParameters", "SmartQueueTaskStatus", "StartPlaybackParameters", "StorageKey", "StoragePage", "StreamingAgent", "StreamingAgentEvents", "StreamingAgentParameters", "StreamingAgentTrack", "TTSEffectsProfile", "TTSOptions", "TTSPlayerParameters", "TTSPlayerSegment", "TaskWaitingCode", "TerminationStatus", "ToneScriptPlayerParameters", "TranscriptionProvider", "TransferToParameters", "URLPlayerParameters", "URLPlayerRequest", "URLPlayerRequestBody", "URLPlayerRequestHeader", "URLPlayerRequestMethod", "URLPlayerSegment", "UpdateRecorderVideoParameters", "Voice", "VoiceList", "VoxEngine", "VoxMediaUnit", "WebSocket", "WebSocketAudioEncoding", "WebSocketCloseCode", "WebSocketEvents", "WebSocketMediaInfo", "WebSocketParameters", "WebSocketReadyState", "_ACDBaseEvent", "_ACDCallAttempt", "_ACDErrorEvent", "_ACDFailedEvent", "_ACDOfflineEvent", "_ACDQueueFullEvent", "_ACDQueuedEvent", "_ACDReachedEvent", "_ACDWaitingEvent", "_ASRCaptureStartedEvent", "_ASRErrorEvent", "_ASREvent", "_ASRInterimResultEvent", "_ASRResultEvent", "_ASRSpeechCapturedEvent", "_ASRStartedEvent", "_ASRStoppedEvent", "_AudioIdentificationErrorEvent", "_AudioIdentificationResultEvent", "_AudioIdentificationStartedEvent", "_AudioIdentificationStoppedEvent", "_AudioQualityDetectedEvent", "_AudioStartedEvent", "_BeepDetectionComplete", "_BeepDetectionError", "_BlindTransferRequestedEvent", "_CallAlertingEvent", "_CallEvent", "_CallHeaderEvent", "_CallReInviteEvent", "_CallRecordEvent", "_ConferenceEndpointAddedEvent", "_ConferenceEndpointEvent", "_ConferenceEndpointManagedEvent", "_ConferenceEndpointRemovedEvent", "_ConferenceEndpointUpdatedEvent", "_ConferenceErrorEvent", "_ConferenceEvent", "_ConferenceStoppedEvent", "_ConnectedEvent", "_DisconnectedEvent", "_FailedEvent", "_FirstAudioPacketReceivedEvent", "_FirstVideoPacketReceivedEvent", "_ForwardingEvent", "_HttpRequestEvent", "_InfoReceivedEvent", "_MediaStatisticsReceived", "_MessageReceivedEvent", "_MicStatusChangeEvent", "_NewWebSocketEvent", "_NewWebSocketFailedEvent", "_OffHoldEvent", "_OnHoldEvent", "_PlaybackFinishedEvent", "_PlaybackReadyEvent", "_PlaybackStartedEvent", "_PlayerAudioChunksPlaybackFinishedEvent", "_PlayerCreatedEvent", "_PlayerErrorEvent", "_PlayerEvent", "_PlayerPlaybackBufferingEvent", "_PlayerPlaybackFinishedEvent", "_PlayerPlaybackMarkerReachedEvent", "_PlayerPlaybackReadyEvent", "_PlayerStartedEvent", "_PlayerStoppedEvent", "_PushSentEvent", "_ReInviteAcceptedEvent", "_ReInviteReceivedEvent", "_ReInviteRejectedEvent", "_RecordErrorEvent", "_RecordStartedEvent", "_RecordStoppedEvent", "_RecorderErrorEvent", "_RecorderEvent", "_RecorderStartedEvent", "_RecorderStoppedEvent", "_RecorderURLEvent", "_RingingEvent", "_RtpResumedEvent", "_RtpStoppedEvent", "_SequencePlayerCreatedEvent", "_SequencePlayerErrorEvent", "_SequencePlayerEvent", "_SequencePlayerPlaybackFinishedEvent", "_SequencePlayerPlaybackMarkerReachedEvent", "_SequencePlayerPlaybackReadyEvent", "_SequencePlayerStartedEvent", "_SequencePlayerStoppedEvent", "_SmartQueueClientDisconnectedEvent", "_SmartQueueEnqueueSuccessEvent", "_SmartQueueErrorEvent", "_SmartQueueEvent", "_SmartQueueOperatorReachedEvent", "_SmartQueueTaskCanceledEvent", "_SmartQueueTaskDistributedEvent", "_SmartQueueWaitingEvent", "_StartedEvent", "_StateChangedEvent", "_StatisticsEvent", "_StreamingAgentAudioStreamCreatedEvent", "_StreamingAgentAudioSwitchedEvent", "_StreamingAgentConnectedEvent", "_StreamingAgentConnectionFailedEvent", "_StreamingAgentDisconnectedEvent", "_StreamingAgentErrorEvent", "_StreamingAgentEvent", "_StreamingAgentReasonedEvent", "_StreamingAgentStreamCreatedEvent", "_StreamingAgentStreamErrorEvent", "_StreamingAgentStreamEvent", "_StreamingAgentStreamStartedEvent", "_StreamingAgentStreamStoppedEvent", "_StreamingAgentSwitchedEvent", "_StreamingAgentVideoStreamCreatedEvent", "_StreamingAgentVideoSwitchedEvent", "_SystemError", "_TerminatedEvent", "_TerminatingEvent", "_ToneDetectedEvent", "_ToneReceivedEvent", "_TransferCompleteEvent", "_TransferFailedEvent", "_VideoTrackCreatedEvent", "_VoiceAIClientParameters", "_WebSocketBasedClientParameters", "_WebSocketCloseEvent", "_WebSocketCreatedEvent", "_WebSocketErrorEvent", "_WebSocketEvent", "_WebSocketMediaEndedEvent", "_WebSocketMediaEndedWithoutWebSocketEvent", "_WebSocketMediaEvent", "_WebSocketMediaStartedEvent", "_WebSocketMediaStartedWithoutWebSocketEvent", "_WebSocketMessageEvent", "_WebSocketOpenEvent", "base64_decode", "base64_encode", "bytes2hex", "bytes2str", "clearInterval", "clearTimeout", "getLocalTime", "hex2bytes", "levenshtein_distance", "require", "setInterval", "setTimeout", "str2bytes", "trace", "uuidgen"]
