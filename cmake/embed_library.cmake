# Writes OUTPUT, a source file with the table of the standard library: the name and the text of each
# of FILES. Called as a script by src/CMakeLists.txt.

list(SORT FILES)
set(rows "")
foreach(file IN LISTS FILES)
    get_filename_component(name ${file} NAME)
    file(READ ${file} text)
    string(FIND "${text}" ")nn_text\"" clash)
    if(NOT clash EQUAL -1)
        message(FATAL_ERROR "${file} holds the mark that ends an embedded text")
    endif()
    string(APPEND rows "    {\"${name}\"sv, R\"nn_text(${text})nn_text\"sv},\n")
endforeach()

list(LENGTH FILES count)
file(WRITE ${OUTPUT} "// Generated from lib/*.nn by cmake/embed_library.cmake.
#include \"elaborate/library.h\"

#include <array>

namespace chainrule {

std::span<const LibraryFile> library_files() {
    using namespace std::string_view_literals;
    static constexpr std::array<LibraryFile, ${count}> files{{\n${rows}    }};
    return files;
}

}  // namespace chainrule
")
