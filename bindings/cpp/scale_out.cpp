// Adds worker nodes to an ACK cluster: sends a request document, prints what came of it.
//
//     scale_out request.json
//     scale_out < request.json
//
// It exits with the status without its sign (0 for CS_SCALE_OUT_OK), or 64 for a document it cannot read.
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "cs_scale_out.hpp"

static std::string read_all(std::istream &input)
{
    return {std::istreambuf_iterator<char>(input), {}};
}

// What to do next is in the status alone.
static const char *advice(int status)
{
    switch (status) {
    case CS_SCALE_OUT_ERR_INVALID: return "mend the document";
    case CS_SCALE_OUT_ERR_CREDENTIALS: return "check the credentials";
    case CS_SCALE_OUT_ERR_UNSENT: return "nothing was sent: try again when you like";
    case CS_SCALE_OUT_ERR_REFUSED: return "nothing was started: read the message";
    case CS_SCALE_OUT_ERR_UNKNOWN:
        return "nodes may be on their way: look at the cluster; sending this again may buy them twice";
    default: return "the document cannot be used";
    }
}

int main(int argc, char **argv)
{
    std::string request;
    if (argc > 1) {
        std::ifstream file(argv[1], std::ios::binary);
        request = read_all(file);
        if (!file.is_open() || file.bad()) {
            std::cerr << argv[1] << ": cannot be read\n";
            return 64;
        }
    } else {
        request = read_all(std::cin);
    }

    cs_ack::answer answer = cs_ack::scale_out(request);
    if (answer.ok()) {
        auto task = answer.get("/task_id");
        std::cout << (task ? "task " + *task : answer.document.str()) << std::endl;
    } else {
        std::cerr << answer.name() << ": " << answer.get("/message").value_or("no memory") << '\n'
                  << advice(answer.status) << '\n';
        for (int i = 0; auto path = answer.get("/problems/" + std::to_string(i) + "/path"); i++) {
            auto message = answer.get("/problems/" + std::to_string(i) + "/message");
            std::cerr << "  " << *path << ": " << message.value_or("") << '\n';
        }
    }
    return std::abs(answer.status);
}
