import VisionSystem
import VisionTensor

/// The CPU time, in cores, that Linux control groups grant this process: the CPU limit of a container.
///
/// A process that has used up its quota is suspended with all its threads until the next period, no matter
/// how many cores are in its affinity mask.
enum CPUQuota {
  /// The cores that the process may use on average, such as 1.5; nil without a limit. Read once.
  static let ofProcess: Double? = {
    #if os(Linux)
      guard let groups = text("/proc/self/cgroup"), let mounts = text("/proc/self/mountinfo") else {
        return nil
      }
      return cores(groups: groups, mounts: mounts, read: text)
    #else
      return nil
    #endif
  }()

  /// The smallest quota of the process's own control group and all groups above it, in cores; nil if none has
  /// one.
  ///
  /// - Parameters:
  ///   - groups: the text of `/proc/self/cgroup`: lines `number:controllers:path`.
  ///   - mounts: the text of `/proc/self/mountinfo`; see proc_pid_mountinfo(5).
  ///   - read: the text of a file; nil where there is none.
  static func cores(groups: String, mounts: String, read: (String) -> String?) -> Double? {
    let mounted = mounts.utf8.split(separator: newline).compactMap { Mount(String($0) ?? "") }
    var smallest: Double?
    for line in groups.split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3, fields[2].hasPrefix("/") else { continue }
      let isUnified = fields[0] == "0" && fields[1].isEmpty
      guard isUnified || fields[1].split(separator: ",").contains("cpu") else { continue }
      for mount in mounted where isUnified ? mount.isUnified : mount.hasCPU {
        for folder in mount.folders(of: String(fields[2])) {
          let found = isUnified ? unified(folder, read) : first(folder, read)
          if let found { smallest = min(smallest ?? found, found) }
        }
      }
    }
    return smallest
  }

  /// The number of threads that make the best use of a quota: its whole cores, and one more if the remaining
  /// fraction is at least a quarter.
  ///
  /// Threads beyond the quota only cause the process to be suspended sooner, but with fewer threads the
  /// fraction of a core is lost. Java rounds up, Rust down; Go rounds up, to at least two. With quotas of
  /// 1.1, 1.25, 1.5 and 1.75 cores, EfficientNet-Lite0 on two threads was measured at 0.89, 0.97, 1.07 and
  /// 1.18 times the speed of one thread for one image after another, and 1.06, 1.16, 1.35 and 1.50 times for
  /// a folder.
  static func threads(_ cores: Double) -> Int {
    guard cores.isFinite, cores < 1024 else { return 1024 }
    return Swift.max(1, Int(exactly: (cores + 0.75).rounded(.down)) ?? 1)
  }

  /// The quota in `cpu.max` of cgroup version 2: `quota period` in microseconds, where the quota may be
  /// `max`.
  private static func unified(_ folder: String, _ read: (String) -> String?) -> Double? {
    let fields = (read("\(folder)/cpu.max") ?? "").split(whereSeparator: \.isWhitespace)
    guard let quota = fields.first else { return nil }
    // The period is optional when the file is written, but present when it is read.
    return share(quota, of: fields.count > 1 ? fields[1] : "100000")
  }

  /// The quota in the two files of cgroup version 1; −1 means no quota.
  private static func first(_ folder: String, _ read: (String) -> String?) -> Double? {
    guard let quota = read("\(folder)/cpu.cfs_quota_us"), let period = read("\(folder)/cpu.cfs_period_us")
    else { return nil }
    return share(Substring(quota), of: Substring(period))
  }

  private static func share(_ quota: Substring, of period: Substring) -> Double? {
    func number(_ text: Substring) -> Double? {
      Int(text.filter { !$0.isWhitespace }).flatMap { $0 > 0 ? Double($0) : nil }
    }
    guard let quota = number(quota), let period = number(period) else { return nil }
    return quota / period
  }

  private static let newline = UInt8(ascii: "\n")

  /// A mounted hierarchy of control groups.
  private struct Mount {
    /// Whether the hierarchy is of version 2.
    let isUnified: Bool
    /// Whether the hierarchy is of version 1 and has the CPU controller.
    let hasCPU: Bool
    /// The group that is mounted, and the path at which it is mounted.
    let root: String
    let point: String

    /// Nil for a line about another file system.
    init?(_ line: String) {
      guard line.contains(" - cgroup") else { return nil }
      let fields = line.split(separator: " ")
      // A dash ends the optional fields; type, source and options of the file system follow.
      guard let dash = fields.indices.dropFirst(6).first(where: { fields[$0] == "-" }),
        fields.count > dash + 3
      else { return nil }
      switch fields[dash + 1] {
      case "cgroup2": (isUnified, hasCPU) = (true, false)
      case "cgroup": (isUnified, hasCPU) = (false, fields[dash + 3].split(separator: ",").contains("cpu"))
      default: return nil
      }
      (root, point) = (Self.unescaped(fields[3]), Self.unescaped(fields[4]))
    }

    /// The folders of a group and of the groups above it that are mounted.
    func folders(of group: String) -> [String] {
      let base = root == "/" ? "" : root
      // A container without its own cgroup namespace sees the group's whole path, but only its own part is
      // mounted. If the mount is outside its namespace, the path does not match the mount; then the mounted
      // group is its own.
      var rest = group.hasPrefix(base + "/") ? String(group.dropFirst(base.count + 1)) : ""
      if rest.split(separator: "/").contains("..") { rest = "" }
      var (folders, path) = ([point], point)
      for part in rest.split(separator: "/") {
        path += path.hasSuffix("/") ? String(part) : "/\(part)"
        folders.append(path)
      }
      return folders
    }

    /// Decodes spaces, tabs, line feeds and backslashes, which paths contain as `\` and three octal digits.
    private static func unescaped(_ text: Substring) -> String {
      guard text.contains("\\") else { return String(text) }
      var (bytes, rest) = ([UInt8](), Array(text.utf8)[...])
      while let byte = rest.popFirst() {
        if byte == UInt8(ascii: "\\"), rest.count >= 3,
          let code = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8)
        {
          bytes.append(code)
          rest.removeFirst(3)
        } else {
          bytes.append(byte)
        }
      }
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  /// The text of a small system file; nil if it cannot be read.
  private static func text(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var (result, block) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 14))
    while result.count < 1 << 22 {
      let got = read(descriptor, &block, block.count)
      if got < 0 && errno == EINTR { continue }
      guard got > 0 else { return got == 0 ? String(decoding: result, as: UTF8.self) : nil }
      result += block[..<got]
    }
    return String(decoding: result, as: UTF8.self)
  }
}
