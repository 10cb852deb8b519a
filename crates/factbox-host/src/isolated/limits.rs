//! What a worker process takes away from itself before any plugin's code runs.

use rustix::process::{Resource, Rlimit, setrlimit};

/// Limits this process's memory to `memory` bytes, keeps it from leaving core files, and takes the network from it where the system can.
pub fn apply(memory: u64) {
    let set = |resource, most| {
        let limit = Rlimit { current: Some(most), maximum: Some(most) };
        // Fails only where the limit is lower already.
        let _ = setrlimit(resource, limit);
    };
    set(Resource::Core, 0);
    // What the process writes to of its own: read-only maps of data files, which all processes share, do not count.
    set(Resource::Data, memory);
    no_network();
}

/// Whether worker processes are without network on this system.
pub const NETWORK: bool =
    cfg!(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64")));

/// From here on no socket can be made but of the local (Unix) family, in this process and all it starts. There is no way back.
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64")))]
fn no_network() {
    use seccompiler::{
        BpfProgram, Error, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    };
    let filter = || -> Result<(), Error> {
        let other_than_local =
            SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Ne, libc::AF_UNIX as u64)?;
        let rules = [
            (libc::SYS_socket, vec![SeccompRule::new(vec![other_than_local])?]),
            // It could make sockets past the rule above.
            (libc::SYS_io_uring_setup, Vec::new()),
        ];
        let refuse = SeccompAction::Errno(libc::EACCES as u32);
        let arch = std::env::consts::ARCH.try_into()?;
        let filter = SeccompFilter::new(rules.into_iter().collect(), SeccompAction::Allow, refuse, arch)?;
        seccompiler::apply_filter(&BpfProgram::try_from(filter)?)
    };
    // A kernel without filters leaves the network as it is: the threat model says "where the system allows it".
    let _ = filter();
}

#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64"))))]
fn no_network() {}
