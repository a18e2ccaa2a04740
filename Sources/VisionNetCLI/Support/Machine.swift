import VisionCompute
import VisionNet
import VisionSystem

/// A description of the machine for people.
enum Machine {
  /// For example `Intel Xeon, 2 of 2 threads, AVX-512, 8 GiB of memory`.
  static func text(threads: Int?) -> String {
    let available = Executor.availableThreads
    let memory =
      Double(sysconf(Int32(_SC_PHYS_PAGES))) * Double(sysconf(Int32(_SC_PAGESIZE))) / Double(1 << 30)
    return
      "\(processor), \(threads ?? available) of \(available) threads, \(InstructionSet.preferred.rawValue) kernels, "
      + "\(Int(saturating: memory.rounded())) GiB of memory"
  }

  private static var processor: String {
    let text = String(decoding: FilePath("/proc/cpuinfo").beginning(4096), as: UTF8.self)
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    let name = line?.split(separator: ":", maxSplits: 1).last.map { $0.drop { $0 == " " } }
    return name.map(String.init) ?? "a processor of unknown name"
  }
}
