// swift-tools-version: 6.1
import PackageDescription

// What a file imports is no part of its module's interface unless it says `public import` or `package import`, and what it uses
// of a module it imports itself.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

// VisionNet is the face that most programs need; each module below it is a product, too, for those that need more.
let modules = [
  "VisionSystem", "VisionTensor", "VisionCompute", "VisionImage", "VisionGraph", "VisionRuntime",
  "VisionLayers", "VisionModel", "VisionInference", "VisionData", "VisionTraining", "VisionReport",
  "VisionTasks", "VisionStore", "VisionServing",
]

let package = Package(
  name: "VisionNet",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "VisionNet", targets: ["VisionNet"]),
    .executable(name: "visionnet", targets: ["VisionNetCLI"]),
  ] + modules.map { .library(name: $0, targets: [$0]) },
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    // The operating system.
    .systemLibrary(
      name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),
    .target(name: "CVisionSystem"),
    .target(name: "VisionSystem", dependencies: ["CVisionSystem", "CYAML"], swiftSettings: settings),

    // Values.
    .target(name: "VisionTensor", dependencies: ["VisionSystem"], swiftSettings: settings),

    // The machine.
    .target(name: "CVisionKernels"),
    .target(
      name: "VisionCompute", dependencies: ["VisionTensor", "VisionSystem", "CVisionKernels"],
      swiftSettings: settings),

    // Images.
    .systemLibrary(
      name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
    .systemLibrary(
      name: "CJPEG", pkgConfig: "libjpeg",
      providers: [.apt(["libjpeg-dev"]), .brew(["jpeg-turbo"])]),
    .target(name: "CImageCodecs", dependencies: ["CPNG", "CJPEG"]),
    .target(
      name: "VisionImage", dependencies: ["VisionTensor", "VisionSystem", "VisionCompute", "CImageCodecs"],
      swiftSettings: settings),

    // Networks.
    .target(name: "VisionGraph", dependencies: ["VisionTensor", "VisionSystem"], swiftSettings: settings),
    .target(
      name: "VisionRuntime",
      dependencies: ["VisionTensor", "VisionGraph", "VisionCompute", "VisionSystem", "CVisionKernels"],
      swiftSettings: settings),
    .target(
      name: "VisionLayers", dependencies: ["VisionTensor", "VisionGraph", "VisionSystem"],
      swiftSettings: settings),

    // Files.
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .target(
      name: "VisionModel",
      dependencies: ["VisionTensor", "VisionGraph", "VisionImage", "VisionSystem", "CZlib"],
      swiftSettings: settings),

    // Using models.
    .target(
      name: "VisionInference",
      dependencies: [
        "VisionTensor", "VisionCompute", "VisionGraph", "VisionRuntime", "VisionModel", "VisionImage",
        "VisionSystem", "CVisionKernels",
      ],
      swiftSettings: settings),

    // Data.
    .target(
      name: "VisionData", dependencies: ["VisionTensor", "VisionCompute", "VisionImage", "VisionSystem"],
      swiftSettings: settings),

    // Learning.
    .target(
      name: "VisionTraining",
      dependencies: [
        "VisionTensor", "VisionCompute", "VisionGraph", "VisionLayers", "VisionRuntime", "VisionModel",
        "VisionImage", "VisionInference", "VisionData", "VisionSystem",
      ],
      swiftSettings: settings),
    .target(
      name: "VisionReport", dependencies: ["VisionTensor", "VisionImage", "VisionSystem"],
      swiftSettings: settings),

    // What can be learned.
    .target(
      name: "VisionTasks",
      dependencies: [
        "VisionTensor", "VisionCompute", "VisionImage", "VisionGraph", "VisionLayers", "VisionModel",
        "VisionInference", "VisionData", "VisionTraining", "VisionReport", "VisionSystem",
      ],
      swiftSettings: settings),

    // Models and sets by name.
    .target(
      name: "VisionStore",
      dependencies: [
        "VisionTensor", "VisionCompute", "VisionImage", "VisionGraph", "VisionRuntime", "VisionLayers",
        "VisionModel", "VisionData", "VisionSystem",
      ],
      swiftSettings: settings),

    // Products.
    .target(
      name: "VisionNet",
      dependencies: [
        "VisionSystem", "VisionTensor", "VisionImage", "VisionCompute", "VisionGraph", "VisionRuntime",
        "VisionLayers", "VisionModel", "VisionInference", "VisionData", "VisionTraining", "VisionTasks",
        "VisionStore",
      ],
      swiftSettings: settings),
    .target(
      name: "VisionServing",
      dependencies: [
        "VisionNet", "VisionSystem", "VisionTensor", "VisionCompute", "VisionImage", "VisionGraph",
        "VisionModel", "VisionInference", "VisionTasks", "VisionStore",
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "VisionNetCLI",
      dependencies: [
        "VisionNet", "VisionSystem", "VisionTensor", "VisionCompute", "VisionImage", "VisionGraph",
        "VisionRuntime", "VisionLayers", "VisionModel", "VisionInference", "VisionData", "VisionTraining",
        "VisionReport", "VisionTasks", "VisionStore",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),

    // Samples: built and run by the tests.
    .executableTarget(
      name: "ClassifyPhoto", dependencies: ["VisionNet"], path: "samples/ClassifyPhoto",
      swiftSettings: settings),
    .executableTarget(
      name: "DetectObjects", dependencies: ["VisionNet"], path: "samples/DetectObjects",
      swiftSettings: settings),
    .executableTarget(
      name: "WriteNetwork", dependencies: ["VisionNet"], path: "samples/WriteNetwork",
      swiftSettings: settings),
    .executableTarget(
      name: "TrainFolder", dependencies: ["VisionNet"], path: "samples/TrainFolder",
      swiftSettings: settings),
    .executableTarget(
      name: "Digits", dependencies: ["VisionNet"], path: "samples/Digits",
      swiftSettings: settings),
    .executableTarget(
      name: "CustomLayer", dependencies: ["VisionNet"], path: "samples/CustomLayer",
      swiftSettings: settings),
    .executableTarget(
      name: "CustomOptimizer", dependencies: ["VisionNet"], path: "samples/CustomOptimizer",
      swiftSettings: settings),
    .executableTarget(
      name: "Regression", dependencies: ["VisionNet"], path: "samples/Regression",
      swiftSettings: settings),

    // Tests: one target a module, and what they share.
    .target(
      name: "VisionTestSupport",
      dependencies: [
        "VisionTensor", "VisionGraph", "VisionRuntime", "VisionCompute", "VisionImage", "VisionLayers",
        "VisionModel", "VisionInference", "VisionSystem", "CAllocationCounter",
      ],
      path: "Tests/VisionTestSupport", swiftSettings: settings),
    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
    .testTarget(name: "VisionSystemTests", dependencies: ["VisionSystem", "CVisionSystem"]),
    .testTarget(name: "VisionTensorTests", dependencies: ["VisionTensor", "VisionSystem"]),
    .testTarget(name: "VisionComputeTests", dependencies: ["VisionCompute"]),
    .testTarget(
      name: "VisionImageTests", dependencies: ["VisionImage", "VisionTestSupport"],
      resources: [.copy("Fixtures")]),
    .testTarget(name: "VisionGraphTests", dependencies: ["VisionGraph", "VisionTestSupport"]),
    .testTarget(
      name: "VisionRuntimeTests",
      dependencies: ["VisionRuntime", "VisionLayers", "VisionTestSupport", "CAllocationCounter"]),
    .testTarget(name: "VisionLayersTests", dependencies: ["VisionLayers"]),
    .testTarget(
      name: "VisionModelTests", dependencies: ["VisionModel", "VisionTestSupport"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "VisionInferenceTests", dependencies: ["VisionInference", "VisionData", "VisionTestSupport"]),
    .testTarget(
      name: "VisionDataTests", dependencies: ["VisionData", "VisionTestSupport", "CAllocationCounter"]),
    .testTarget(
      name: "VisionTrainingTests",
      dependencies: ["VisionTraining", "VisionTestSupport", "CAllocationCounter"]),
    .testTarget(name: "VisionReportTests", dependencies: ["VisionReport", "VisionTestSupport"]),
    .testTarget(name: "VisionTasksTests", dependencies: ["VisionTasks", "VisionTestSupport"]),
    .testTarget(name: "VisionStoreTests", dependencies: ["VisionStore", "VisionTestSupport"]),
    .testTarget(name: "VisionNetTests", dependencies: ["VisionNet", "VisionTestSupport"]),
    .testTarget(
      name: "VisionServingTests", dependencies: ["VisionServing", "VisionTestSupport"]),
    .testTarget(
      name: "VisionNetCLITests", dependencies: ["VisionNetCLI", "VisionNet", "VisionTestSupport"],
      resources: [.copy("Fixtures")]),
  ],
  swiftLanguageModes: [.v6]
)
