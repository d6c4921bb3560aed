// Adds worker nodes to an ACK cluster: reads a request document, sends it, prints what came of it.
//
//     scale_out request.json
//     scale_out < request.json
//
// The exit code is the status without its sign (0 for CS_SCALE_OUT_OK), or 64 for a document it cannot read.
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "cs_scale_out.hpp"

static void print_list(const cs_ack::answer &answer, const std::string &list, const char *first, const char *second)
{
    for (int item = 0;; item++) {
        std::string place = "/" + list + "/" + std::to_string(item) + "/";
        auto one = answer.get(place + first);
        if (!one) {
            return;
        }
        std::cerr << "  " << *one << ": " << answer.get(place + second).value_or("") << '\n';
    }
}

int main(int argc, char **argv)
{
    std::string name = argc > 1 ? argv[1] : "-";
    std::ifstream file(name == "-" ? "/dev/stdin" : name, std::ios::binary);
    std::string request(std::istreambuf_iterator<char>(file), {});
    if (!file.is_open() || file.bad()) {
        std::cerr << name << ": cannot be read\n";
        return 64;
    }
    cs_ack::answer answer = cs_ack::scale_out(request);

    if (answer.ok()) {
        auto task = answer.get("/task_id");
        std::cout << (task ? "task " + *task : answer.document.str()) << std::endl; // a dry run has no task
    } else {
        std::cerr << "status: " << answer.name() << '\n';
        for (std::string member : {"message", "hint"}) {
            if (auto value = answer.get("/" + member)) {
                std::cerr << member << ": " << *value << '\n';
            }
        }
        print_list(answer, "problems", "path", "message");
        print_list(answer, "candidates", "task_id", "state");
    }
    print_list(answer, "warnings", "path", "message");
    return std::abs(answer.status);
}
