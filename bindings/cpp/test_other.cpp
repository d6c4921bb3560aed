// A second translation unit with the header, so that the linker sees everything in it twice.
#include "cs_scale_out.hpp"

int other_unit(const std::string &endpoint);

int other_unit(const std::string &endpoint)
{
    cs_ack::client client = cs_ack::client().endpoint(endpoint).access_key("testid", "testsecret");
    return cs_ack::scale_out(cs_ack::request("c1").count(1).key_pair("k").client(client)).status;
}
