from mjasync.sim.ways import OPTIONAL_ENDPOINTS, SEED_ENDPOINTS, Images, MJProxyWays, Prefixes, Rows, TTAPIWays


def test_the_defaults_are_what_the_seeds_show():
    ttapi, mjproxy = TTAPIWays(), MJProxyWays()
    assert (ttapi.fetch_methods, ttapi.id_key, ttapi.action_key) == (("POST", "GET"), "jobId", "actions")
    assert (ttapi.images, ttapi.components, ttapi.drift) == (Images.ASKED, True, False)
    assert (mjproxy.prefixes, mjproxy.rows, mjproxy.refresh) == (Prefixes.ALL, Rows.SEED, 0.0)
    assert mjproxy.endpoints == SEED_ENDPOINTS


def test_no_endpoint_is_both_of_the_seed_and_optional():
    assert not SEED_ENDPOINTS & OPTIONAL_ENDPOINTS
