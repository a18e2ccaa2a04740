/// The memory that a network may use, checked before it is allocated.
package enum MachineMemory {
  /// Three quarters of the memory of the machine or, if less, of its container, in bytes: the default of
  /// every limit.
  package static let limit = min(physical, container ?? Int.max) / 4 * 3

  private static var physical: Int {
    let (pages, size) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
    // If the system does not say, assumes a small machine.
    return pages > 0 && size > 0 ? pages * size : 4 << 30
  }

  /// The limit of the control group on Linux, in bytes; nil when there is none.
  private static var container: Int? {
    guard let file = fopen("/sys/fs/cgroup/memory.max", "r") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 32)
    guard fgets(&line, Int32(line.count), file) != nil else { return nil }
    return Int(
      String(decoding: line.prefix { $0 != 0 && $0 != 10 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
  }

  /// A number of bytes for human readers, such as `1.5 GiB`.
  package static func text(_ bytes: Int) -> String {
    let units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
    var (value, unit) = (Double(bytes), 0)
    while value >= 1024, unit < units.count - 1 { (value, unit) = (value / 1024, unit + 1) }
    let tenths = Int(saturating: (value * 10).rounded())
    return unit == 0 || tenths >= 100
      ? "\(Int(saturating: value.rounded())) \(units[unit])" : "\(tenths / 10).\(tenths % 10) \(units[unit])"
  }
}
