//! Which system calls may be made: seccomp. Landlock knows files and TCP; this knows the rest of the kernel.

use libc::c_long;
use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition,
    SeccompFilter, SeccompRule, TargetArch, apply_filter,
};
use std::collections::BTreeMap;
use std::env::consts::ARCH;

type Rules = BTreeMap<c_long, Vec<SeccompRule>>;

/// What a reader needs: its streams, memory, threads, time, its own end. All of it works on what it holds already.
const OF_A_READER: &[c_long] = &[
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_close,
    libc::SYS_fstat,
    libc::SYS_lseek,
    libc::SYS_fcntl,
    libc::SYS_ppoll,
    libc::SYS_brk,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_futex,
    libc::SYS_set_robust_list,
    libc::SYS_rseq,
    libc::SYS_membarrier,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_getcpu,
    libc::SYS_nanosleep,
    libc::SYS_clock_nanosleep,
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_gettimeofday,
    libc::SYS_getrandom,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_getrusage,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// Calls of old that the newer architectures left out.
#[cfg(target_arch = "x86_64")]
const OF_OLD: &[c_long] = &[libc::SYS_poll, libc::SYS_time];
#[cfg(not(target_arch = "x86_64"))]
const OF_OLD: &[c_long] = &[];

/// What neither Tesseract nor LibreOffice needs: ways into other processes, into the kernel, out of their process group (they
/// are killed as a group), and to sockets that listen on the machine (a container daemon's, a desktop's).
const OF_NO_TOOL: &[c_long] = &[
    libc::SYS_setsid,
    libc::SYS_setpgid,
    libc::SYS_connect,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_pidfd_getfd,
    libc::SYS_bpf,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_userfaultfd,
    libc::SYS_perf_event_open,
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_chroot,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_move_mount,
    libc::SYS_open_tree,
    libc::SYS_fsopen,
    libc::SYS_open_by_handle_at,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_kexec_load,
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_acct,
    libc::SYS_quotactl,
    libc::SYS_syslog,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_sethostname,
];

/// The flag of a call that belongs to the second numbering of x86-64 (x32), which a filter of forbidden numbers would miss.
#[cfg(target_arch = "x86_64")]
const SECOND_NUMBERING: c_long = 0x4000_0000;

pub(super) fn only_those_of_a_reader() -> Result<(), String> {
    apply(|| {
        let mut rules: Rules =
            OF_A_READER.iter().chain(OF_OLD).map(|call| (*call, Vec::new())).collect();
        let mut with = |call: c_long, condition: SeccompCondition| -> Result<(), BackendError> {
            rules.entry(call).or_default().push(SeccompRule::new(vec![condition])?);
            Ok(())
        };
        // The call that makes threads makes processes as well; what it is to make stands in its flags.
        with(libc::SYS_clone, has_bits(0, libc::CLONE_THREAD as u64)?)?;
        // Memory is for data.
        with(libc::SYS_mmap, has_no_bits(2, libc::PROT_EXEC as u64)?)?;
        with(libc::SYS_mprotect, has_no_bits(2, libc::PROT_EXEC as u64)?)?;
        with(libc::SYS_prctl, is(0, libc::PR_SET_NAME as u64)?)?;
        // Its limits may be read, by itself.
        rules.insert(libc::SYS_prlimit64, vec![SeccompRule::new(vec![is(0, 0)?, is(2, 0)?])?]);
        // An abort is a signal to oneself.
        let own = u64::from(std::process::id());
        rules.insert(libc::SYS_tgkill, vec![SeccompRule::new(vec![is(0, own)?])?]);
        // Let through here, because the other filter answers it.
        rules.insert(libc::SYS_clone3, Vec::new());
        program(rules, SeccompAction::Errno(libc::EPERM as u32), SeccompAction::Allow)
    })
}

pub(super) fn without_those_of_no_tool() -> Result<(), String> {
    apply(|| {
        let mut rules: Rules = OF_NO_TOOL.iter().map(|call| (*call, Vec::new())).collect();
        let not_local = SeccompCondition::new(
            0,
            SeccompCmpArgLen::Dword,
            SeccompCmpOp::Ne,
            libc::AF_UNIX as u64,
        )?;
        rules.insert(libc::SYS_socket, vec![SeccompRule::new(vec![not_local])?]);
        // LibreOffice puts its socket into /tmp as soon as that is said to be writable, which goes by the folder's mode and
        // knows nothing of landlock. Told no, it asks its settings for the place.
        let writable = u64::from(libc::W_OK.unsigned_abs());
        #[cfg(target_arch = "x86_64")]
        rules.insert(libc::SYS_access, vec![SeccompRule::new(vec![is(1, writable)?])?]);
        rules.insert(libc::SYS_faccessat, vec![SeccompRule::new(vec![is(2, writable)?])?]);
        #[cfg(target_arch = "x86_64")]
        {
            let again: Vec<_> = rules
                .iter()
                .map(|(call, rules)| (call | SECOND_NUMBERING, rules.clone()))
                .collect();
            rules.extend(again);
        }
        program(rules, SeccompAction::Allow, SeccompAction::Errno(libc::EPERM as u32))
    })
}

/// Puts the filter into force, below one that says that there is no clone3: its flags lie in memory, where no filter sees
/// them, and the C library then goes back to clone.
fn apply(filter: impl FnOnce() -> Result<BpfProgram, BackendError>) -> Result<(), String> {
    let clone3 = Rules::from([(libc::SYS_clone3, Vec::new())]);
    let no_clone3 =
        program(clone3, SeccompAction::Allow, SeccompAction::Errno(libc::ENOSYS as u32))
            .map_err(|error| error.to_string())?;
    let filter = filter().map_err(|error| error.to_string())?;
    for filter in [no_clone3, filter] {
        apply_filter(&filter).map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn program(
    rules: Rules,
    otherwise: SeccompAction,
    matched: SeccompAction,
) -> Result<BpfProgram, BackendError> {
    SeccompFilter::new(rules, otherwise, matched, TargetArch::try_from(ARCH)?)?.try_into()
}

fn is(argument: u8, value: u64) -> Result<SeccompCondition, BackendError> {
    SeccompCondition::new(argument, SeccompCmpArgLen::Qword, SeccompCmpOp::Eq, value)
}

fn has_bits(argument: u8, bits: u64) -> Result<SeccompCondition, BackendError> {
    SeccompCondition::new(argument, SeccompCmpArgLen::Qword, SeccompCmpOp::MaskedEq(bits), bits)
}

fn has_no_bits(argument: u8, bits: u64) -> Result<SeccompCondition, BackendError> {
    SeccompCondition::new(argument, SeccompCmpArgLen::Qword, SeccompCmpOp::MaskedEq(bits), 0)
}
