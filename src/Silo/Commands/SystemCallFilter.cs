using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace OpenClaw.Silo.Commands;

/// <summary>
/// A seccomp filter for bubblewrap (classic BPF, see seccomp(2)): no new namespaces, in which a command would be root and see
/// more of the kernel, no other program's memory, and nothing that ordinary programs do not need.
/// </summary>
internal static class SystemCallFilter
{
    private const ushort Load = 0x20;
    private const ushort JumpIfEqual = 0x15;
    private const ushort JumpIfAtLeast = 0x35;
    private const ushort JumpIfAnySet = 0x45;
    private const ushort Return = 0x06;

    private const uint Allow = 0x7fff0000;
    private const uint NotPermitted = 0x00050001;
    private const uint NotImplemented = 0x00050026;
    private const uint NotSupported = 0x0005005f;
    private const uint KillProcess = 0x80000000;

    /// <summary>Offsets in struct seccomp_data; the low halves of arguments, which is where flags are.</summary>
    private const uint Number = 0;
    private const uint Architecture = 4;
    private const uint FirstArgument = 16;

    /// <summary>CLONE_NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET, NEWNS and NEWTIME.</summary>
    private const uint NewNamespaces = 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000 | 0x00020000;

    /// <summary>Calls of the x32 ABI, which have numbers of their own for the same things.</summary>
    private const uint OtherNumbers = 0x40000000;

    /// <summary>Null where the numbers of system calls are not known.</summary>
    /// <param name="isMemoryBounded">False where no control group counts memory: then none may be had past the limits of a process.</param>
    public static byte[]? Create(bool isMemoryBounded) => RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => Create(
            0xc000003e, clone: 56, clone3: 435,
            // Room that is set aside shows in no size of a file and is held by no limit: fallocate; memory in no process: memfd_create, shmget.
            unsupported: isMemoryBounded ? [285] : [285, 319, 29],
            // ptrace, unshare, setns, mount, umount2, pivot_root, chroot, keyctl, add_key, request_key, bpf, perf_event_open, userfaultfd,
            // io_uring_setup, kexec_load, init_module, finit_module, delete_module, process_vm_readv, process_vm_writev, open_by_handle_at.
            [101, 272, 308, 165, 166, 155, 161, 250, 248, 249, 321, 298, 323, 425, 246, 175, 313, 176, 310, 311, 304]),
        System.Runtime.InteropServices.Architecture.Arm64 => Create(
            0xc00000b7, clone: 220, clone3: 435,
            unsupported: isMemoryBounded ? [47] : [47, 279, 194],
            [117, 97, 268, 40, 39, 41, 51, 219, 217, 218, 280, 241, 282, 425, 104, 105, 273, 106, 270, 271, 265]),
        _ => null,
    };

    private static byte[] Create(uint architecture, uint clone, uint clone3, uint[] unsupported, uint[] refused)
    {
        List<(ushort Code, byte IfTrue, byte IfFalse, uint Value)> program =
        [
            // Another architecture's calls have other numbers.
            (Load, 0, 0, Architecture),
            (JumpIfEqual, 1, 0, architecture),
            (Return, 0, 0, KillProcess),
            (Load, 0, 0, Number),
            (JumpIfAtLeast, 0, 1, OtherNumbers),
            (Return, 0, 0, KillProcess),
            // The C library falls back to clone, whose flags can be seen.
            (JumpIfEqual, 0, 1, clone3),
            (Return, 0, 0, NotImplemented),
            (JumpIfEqual, 0, 4, clone),
            (Load, 0, 0, FirstArgument),
            (JumpIfAnySet, 0, 1, NewNamespaces),
            (Return, 0, 0, NotPermitted),
            (Return, 0, 0, Allow),
        ];
        foreach (var (number, answer) in refused.Select(number => (number, NotPermitted)).Concat(unsupported.Select(number => (number, NotSupported))))
        {
            program.Add((JumpIfEqual, 0, 1, number));
            program.Add((Return, 0, 0, answer));
        }

        program.Add((Return, 0, 0, Allow));
        var bytes = new byte[program.Count * 8];
        for (var i = 0; i < program.Count; i++)
        {
            var instruction = bytes.AsSpan(i * 8, 8);
            BinaryPrimitives.WriteUInt16LittleEndian(instruction, program[i].Code);
            instruction[2] = program[i].IfTrue;
            instruction[3] = program[i].IfFalse;
            BinaryPrimitives.WriteUInt32LittleEndian(instruction[4..], program[i].Value);
        }

        return bytes;
    }
}
