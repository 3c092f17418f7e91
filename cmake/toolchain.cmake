# How everything of ours is compiled and linked: warnings, sanitizers, the cache and the linker.
# The flags hang on the target `chainrule_options`, which every target of ours links.

find_program(CHAINRULE_CCACHE ccache)
if(CHAINRULE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    # The sloppiness lets ccache take part in precompiled headers (see ccache's manual).
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
        ${CHAINRULE_CCACHE})
endif()

add_library(chainrule_options INTERFACE)
target_compile_options(chainrule_options INTERFACE
    -Wall -Wextra -Wpedantic
    # A fused multiply-add rounds once where the text has two operations: the same program would
    # print other digits on another machine.
    -ffp-contract=off)
if(CHAINRULE_WERROR)
    target_compile_options(chainrule_options INTERFACE -Werror)
endif()
if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # A source that another includes is taken for a header, where names of one file alone would be a mistake.
    target_compile_options(chainrule_options INTERFACE -Wno-subobject-linkage)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # GCC 12's std::stable_sort calls what its own header deprecates.
    target_compile_options(chainrule_options INTERFACE -Wno-deprecated-declarations)
endif()
# A command of a few milliseconds should not spend them on loading and binding what it never calls.
target_link_options(chainrule_options INTERFACE -Wl,--as-needed -Wl,-z,lazy)

# GCC's output is not for lld: GCC leaves empty frame descriptions behind (of `.cold` parts without
# code), and of two descriptions that begin at one address lld's table keeps the first. Where that is
# the empty one, an exception ends the program instead of being reported.

if(CHAINRULE_SANITIZE)
    if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
        message(FATAL_ERROR "CHAINRULE_SANITIZE builds the fuzzers too, which need clang: use the preset `sanitize`")
    endif()
    # The whole program must be instrumented alike, so these flags are not the target's alone. Machine code
    # that is generated in memory has no mark of its type, which `function` looks for.
    set(sanitizers -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize=function)
    add_compile_options(${sanitizers} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(${sanitizers})
endif()

# chainrule_precompile(target owner [header...]): gives a target the headers that most files read. The
# owner compiles them, with its own headers beside, for all targets that name it; so those targets must be
# compiled with one set of flags.
function(chainrule_precompile target owner)
    if(NOT target STREQUAL owner)
        target_precompile_headers(${target} REUSE_FROM ${owner})
        return()
    endif()
    target_precompile_headers(${target} PRIVATE
        <algorithm> <array> <cmath> <cstdint> <functional> <map> <memory> <optional> <set> <span>
        <string> <string_view> <unordered_map> <variant> <vector> <fmt/format.h> ${ARGN})
endfunction()
