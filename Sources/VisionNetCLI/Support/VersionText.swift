import VisionCompute
import VisionImage
import VisionModel
import VisionSystem

/// What `visionnet --version` tells.
enum VersionText {
  static var firstLine: String { "visionnet 0.1.0 (instruction set \(InstructionSet.preferred.rawValue))" }

  /// Version, build, instruction sets of this machine, and libraries.
  static var text: String {
    let libraries = ImageLibraries.built + ["zlib \(ZlibLibrary.version)", "libyaml \(YAMLLibrary.version)"]
    let looked = ImageLibraries.looked.map { $0.isInstalled ? $0.name : "\($0.name) (not installed)" }
    return """
      \(firstLine)
      build             \(build), \(configuration), \(architecture) \(system)
      instruction sets  \(InstructionSet.supported.map(\.rawValue).joined(separator: ", "))
      libraries         \(libraries.joined(separator: ", "))
      when needed       \(looked.joined(separator: ", "))
      """
  }

  /// The beginning of the SHA-256 of the program's file, which differs from build to build.
  private static var build: String {
    guard let path = POSIX.executable, let file = try? FileBytes(path: path, limit: 1 << 30) else {
      return "unknown"
    }
    return String(ContentHash(of: file.bytes).hexadecimal.prefix(12))
  }

  private static var configuration: String {
    #if DEBUG
      "debug"
    #else
      "release"
    #endif
  }

  private static var architecture: String {
    #if arch(x86_64)
      "x86_64"
    #elseif arch(arm64)
      "arm64"
    #else
      "other"
    #endif
  }

  private static var system: String {
    #if os(Linux)
      "Linux"
    #elseif os(macOS)
      "macOS"
    #else
      "other"
    #endif
  }
}
