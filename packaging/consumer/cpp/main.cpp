// A program of somebody else's: sends one request, prints the task or what went wrong.
#include <cstdlib>
#include <iostream>

#include <cs_scale_out.hpp>

int main()
{
    cs_ack::answer answer = cs_ack::scale_out(R"({"ClusterId": "c1", "count": 1, "key_pair": "common"})");
    if (auto task = answer.get("/task_id")) {
        std::cout << "cs_scale_out " << cs_ack::version() << ": task " << *task << '\n';
    } else {
        std::cerr << answer.name() << ": " << answer.document.view() << '\n';
    }
    return std::abs(answer.status);
}
