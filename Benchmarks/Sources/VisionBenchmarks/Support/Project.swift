#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Where things are, seen from the source of this package.
enum Project {
  /// The folder of VisionNet.
  static let root: String = {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    // Benchmarks/Sources/VisionBenchmarks/Support/Project.swift
    return parts.dropLast(5).joined(separator: "/")
  }()

  /// The executable that other processes are measured on: `VISIONNET`, or the release build.
  static var visionnet: String {
    getenv("VISIONNET").map { String(cString: $0) } ?? root + "/.build/release/visionnet"
  }

  /// Photos: those of the shared data where they are, else the samples.
  static var photos: String {
    let shared = root + "/../shared/data/dogs10/val"
    return access(shared, R_OK) == 0 ? shared : root + "/samples/images"
  }
}
