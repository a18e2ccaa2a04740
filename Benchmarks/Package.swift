// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that users of VisionNet never build it. `scripts/benchmark` builds and runs it.
let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "VisionNet", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
  ],
  targets: [
    .target(name: "CAllocations"),
    .executableTarget(
      name: "VisionBenchmarks",
      dependencies: [
        "CAllocations", .product(name: "VisionNet", package: "VisionNet"),
        .product(name: "VisionCompute", package: "VisionNet"),
        .product(name: "VisionImage", package: "VisionNet"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: [.enableUpcomingFeature("ExistentialAny")]),
  ],
  swiftLanguageModes: [.v6]
)
