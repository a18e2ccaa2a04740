// swift-tools-version: 6.1
import PackageDescription

let settings: [SwiftSetting] = [.enableUpcomingFeature("ExistentialAny")]

let package = Package(
  name: "VisionNet",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "VisionNet", targets: ["VisionNet"]),
    .executable(name: "visionnet", targets: ["VisionNetCLI"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // Values.
    .target(name: "VisionTensor", swiftSettings: settings),

    // The machine.
    .target(name: "CVisionKernels"),
    .target(
      name: "VisionCompute", dependencies: ["VisionTensor", "CVisionKernels"], swiftSettings: settings),

    // Pictures.
    .systemLibrary(
      name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
    .systemLibrary(
      name: "CJPEG", pkgConfig: "libjpeg",
      providers: [.apt(["libjpeg-dev"]), .brew(["jpeg-turbo"])]),
    .target(name: "CImageCodecs", dependencies: ["CPNG", "CJPEG"]),
    .target(
      name: "VisionImage", dependencies: ["VisionTensor", "VisionCompute", "CImageCodecs"],
      swiftSettings: settings),

    // Networks.
    .target(name: "VisionGraph", dependencies: ["VisionTensor"], swiftSettings: settings),
    .target(
      name: "VisionRuntime",
      dependencies: ["VisionTensor", "VisionGraph", "VisionCompute", "CVisionKernels"],
      swiftSettings: settings),
    .target(
      name: "VisionLayers", dependencies: ["VisionTensor", "VisionGraph"], swiftSettings: settings),

    // Files.
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .target(
      name: "VisionModel", dependencies: ["VisionTensor", "VisionGraph", "VisionImage", "CZlib"],
      swiftSettings: settings),

    // Learning.
    .target(
      name: "VisionTraining",
      dependencies: [
        "VisionTensor", "VisionCompute", "CVisionKernels", "VisionGraph", "VisionLayers", "VisionRuntime",
        "VisionModel", "VisionImage",
        .product(name: "Crypto", package: "swift-crypto"), .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: settings),

    // Products.
    .target(
      name: "VisionNet",
      dependencies: [
        "VisionTensor", "VisionImage", "VisionCompute", "VisionGraph", "VisionRuntime", "VisionLayers",
        "VisionModel", "VisionTraining", .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "VisionNetCLI",
      dependencies: [
        "VisionNet", "VisionTensor", "VisionCompute", "VisionModel",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),

    // Samples: built and run by the tests.
    .executableTarget(
      name: "ClassifyPhoto", dependencies: ["VisionNet"], path: "samples/ClassifyPhoto",
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
      dependencies: ["VisionGraph", "VisionRuntime", "VisionCompute", "CAllocationCounter"],
      path: "Tests/VisionTestSupport", swiftSettings: settings),
    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
    .testTarget(name: "VisionTensorTests", dependencies: ["VisionTensor"]),
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
      name: "VisionTrainingTests",
      dependencies: ["VisionTraining", "VisionTestSupport", "CAllocationCounter"]),
    .testTarget(name: "VisionNetTests", dependencies: ["VisionNet", "VisionTestSupport"]),
    .testTarget(
      name: "VisionNetCLITests", dependencies: ["VisionNetCLI", "VisionNet", "VisionTestSupport"]),
  ],
  swiftLanguageModes: [.v6]
)
