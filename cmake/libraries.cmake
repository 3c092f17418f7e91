# The libraries of others, each with its one reason.

find_package(fmt REQUIRED)            # formatting
find_package(nlohmann_json REQUIRED)  # JSON
find_package(CLI11 REQUIRED)          # the command line
find_package(ZLIB REQUIRED)           # compressed data
find_package(Threads REQUIRED)        # several read one table
find_package(PkgConfig REQUIRED)

# Graphviz lays out and draws pictures. Linking it costs every command 0.2 ms (14 small libraries
# instead of 6); the heavy ones, pango and cairo, are plugins that it loads when `draw` asks.
pkg_check_modules(graphviz REQUIRED IMPORTED_TARGET libgvc libcgraph)

# Protocol Buffers, written field by field: headers alone, without generated code.
find_path(CHAINRULE_PROTOZERO_INCLUDE protozero/pbf_writer.hpp REQUIRED)
add_library(chainrule_protozero INTERFACE)
target_include_directories(chainrule_protozero SYSTEM INTERFACE ${CHAINRULE_PROTOZERO_INCLUDE})

# Linked by the native backend alone.
find_package(LLVM 19.1 REQUIRED CONFIG HINTS /usr/lib/llvm-19)   # machine code
find_library(CHAINRULE_DNNL_LIBRARY dnnl REQUIRED)              # matrix products

if(CHAINRULE_TESTS)
    find_package(GTest REQUIRED)              # tests
    find_package(rapidcheck REQUIRED CONFIG)  # properties
    pkg_check_modules(ginac REQUIRED IMPORTED_TARGET ginac)  # the symbolic oracle
    pkg_check_modules(mpfr REQUIRED IMPORTED_TARGET mpfr)    # correctly rounded functions
endif()
