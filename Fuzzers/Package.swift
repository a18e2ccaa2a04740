// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that users of VisionNet never build it. `scripts/fuzz` builds it with libFuzzer.
let package = Package(
  name: "Fuzzers",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "VisionNet", path: "..")],
  targets: [
    .target(name: "CFuzzer"),
    .executableTarget(
      name: "VisionFuzz",
      dependencies: ["CFuzzer"]
        + ["VisionNet", "VisionModel", "VisionInference", "VisionData", "VisionTraining", "VisionStore"].map {
          .product(name: $0, package: "VisionNet")
        },
      swiftSettings: [.enableUpcomingFeature("ExistentialAny")]),
  ],
  swiftLanguageModes: [.v6]
)
