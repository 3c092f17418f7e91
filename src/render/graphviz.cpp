// The only file that knows Graphviz. The heavy part of it, cairo and pango, is plugins that it
// loads at gvLayout and gvRenderData: other commands do not pay for them.
#include <fmt/format.h>
#include <gvc.h>

#include <memory>

#include "render/draw.h"

namespace chainrule {
namespace {

// The type of a length differs between Graphviz's versions.
template <typename Length>
Length length_type(int (*)(GVC_t*, graph_t*, const char*, char**, Length*));

[[noreturn]] void refuse(std::string_view what) {
    const char* reason = aglasterr();
    throw UnsupportedError(
        fmt::format("{}: Graphviz says: {}", what, reason != nullptr ? reason : "nothing"));
}

// Twice a screen's pixels, so that small letters stay sharp.
void set_resolution(graph_t* graph) {
    std::string name = "dpi";
    std::string pixels = "144";
    std::string otherwise = "96";
    agsafeset(graph, name.data(), pixels.data(), otherwise.data());
}

// One context for the process, never freed: the pango plugin of Graphviz 2.42 goes on using the
// font names of the context that it has seen first.
GVC_t* graphviz_context() {
    static GVC_t* const context = gvContext();
    return context;
}

}  // namespace

std::string layout_picture(const std::string& dot, PictureFormat format) {
    agseterr(AGMAX);  // messages are kept for aglasterr, not printed
    GVC_t* const context = graphviz_context();
    const std::unique_ptr<graph_t, int (*)(graph_t*)> graph(agmemread(dot.c_str()), agclose);
    if (graph == nullptr) {
        throw InternalError("draw wrote a dot text that Graphviz cannot read");
    }
    if (format == PictureFormat::png) {
        set_resolution(graph.get());
    }
    if (gvLayout(context, graph.get(), "dot") != 0) {
        refuse("laying out the picture");
    }
    const auto undo_layout = [context](graph_t* g) { gvFreeLayout(context, g); };
    const std::unique_ptr<graph_t, decltype(undo_layout)> layout(graph.get(), undo_layout);

    char* bytes = nullptr;
    decltype(length_type(&gvRenderData)) length = 0;
    const char* wanted = format == PictureFormat::svg ? "svg" : "png";
    const int failed = gvRenderData(context, graph.get(), wanted, &bytes, &length);
    const std::unique_ptr<char, void (*)(char*)> owner(bytes, gvFreeRenderData);
    if (failed != 0 || bytes == nullptr) {
        refuse(fmt::format("drawing as {}", wanted));
    }
    return {bytes, length};
}

}  // namespace chainrule
