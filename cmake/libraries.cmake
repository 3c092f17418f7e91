# The libraries of others. Each has one reason to be here: see docs/decisions.md.

find_package(fmt REQUIRED)            # formatting
find_package(nlohmann_json REQUIRED)  # JSON
find_package(CLI11 REQUIRED)          # the command line
find_package(ZLIB REQUIRED)           # compressed data
find_package(PkgConfig REQUIRED)

# Graphviz lays out and draws pictures. It pulls in some forty shared libraries, which `explain`
# must not pay for: only its headers are used here, and `draw` loads the library when it runs.
pkg_check_modules(graphviz REQUIRED libgvc)
add_library(chainrule_graphviz INTERFACE)
target_include_directories(chainrule_graphviz SYSTEM INTERFACE ${graphviz_INCLUDE_DIRS})
target_link_libraries(chainrule_graphviz INTERFACE ${CMAKE_DL_LIBS})

if(CHAINRULE_TESTS AND NOT CHAINRULE_FUZZ)
    find_package(GTest REQUIRED)              # tests
    find_package(rapidcheck REQUIRED CONFIG)  # properties
    pkg_check_modules(ginac REQUIRED IMPORTED_TARGET ginac)  # the symbolic oracle
endif()
