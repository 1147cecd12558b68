/* What wine 8 lacks and Windows 10 has, enough to import the wheels while the program is frozen and tried.
   Compiled once for each library, with its name defined; never part of anything that is handed out. */
#include <windows.h>

#ifdef BCRYPTPRIMITIVES
BOOLEAN NTAPI SystemFunction036(PVOID buffer, ULONG size);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size) {
    return SystemFunction036(data, (ULONG)size);
}
#endif

#ifdef ICUUC /* Qt asks it for encodings other than Unicode; it hears that there are none */
#define NONE(name) __declspec(dllexport) void *name(void) { return 0; }
NONE(ucnv_open) NONE(ucnv_close) NONE(ucnv_reset) NONE(ucnv_getMaxCharSize) NONE(ucnv_getName)
NONE(UCNV_FROM_U_CALLBACK_SUBSTITUTE) NONE(UCNV_TO_U_CALLBACK_SUBSTITUTE)
NONE(ucnv_getToUCallBack) NONE(ucnv_getFromUCallBack) NONE(ucnv_setToUCallBack) NONE(ucnv_setFromUCallBack)
NONE(ucnv_cbToUWriteUChars) NONE(ucnv_cbFromUWriteUChars) NONE(ucnv_toUnicode) NONE(ucnv_fromUnicode)
NONE(ucnv_toUCountPending) NONE(ucnv_fromUCountPending) NONE(ucnv_getStandardName)
NONE(ucnv_getAvailableName) NONE(ucnv_countAvailable)
#endif
