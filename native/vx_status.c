#include "vx_status.h"

const char *vx_status_text(int status)
{
    switch (status) {
    case VX_OK: return "no error";
    case VX_E_ARGUMENT: return "an argument is missing or out of range";
    case VX_E_RATE: return "the sample rate is not 8000, 16000, 24000 or 48000 Hz";
    case VX_E_LENGTH: return "the number of samples does not fit";
    case VX_E_CLOSED: return "it has been closed";
    case VX_E_FULL: return "there is no room left";
    case VX_E_MEMORY: return "out of memory";
    case VX_E_STATE: return "this cannot be done in the present state";
    case VX_E_SYSTEM: return "a system call failed";
    default: return status > 0 ? "no error" : "unknown status";
    }
}
