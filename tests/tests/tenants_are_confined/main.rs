//! What a tenant's owner may do in its namespace, and what stops everything else: each attempt is made with the
//! credential of a real signup, and has to be refused by the one thing that should refuse it.

mod a_tenant_can_do_its_work;
mod a_tenant_cannot_gain_rights;
mod a_tenant_cannot_reach_others;
mod a_tenants_pods_stay_confined;
mod a_tenants_traffic_stays_its_own;
mod a_tenants_volumes_stay_its_own;
mod quota_is_enforced;
