// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that the library and the plain command line neither fetch nor build an HTTP server.
// `scripts/visionnet serve` and `scripts/install` build it.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "Service",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "visionnet-serve", targets: ["visionnet-serve"])],
  dependencies: [
    .package(name: "VisionNet", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.0"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
    .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.0.0"),
  ],
  targets: [
    .target(
      name: "VisionService",
      dependencies: [
        .product(name: "VisionServing", package: "VisionNet"),
        .product(name: "VisionStore", package: "VisionNet"),
        .product(name: "VisionSystem", package: "VisionNet"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      resources: [
        .embedInCode("Page/page.html"), .embedInCode("Page/page.css"), .embedInCode("Page/page.js"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "visionnet-serve",
      dependencies: [
        "VisionService", .product(name: "VisionSystem", package: "VisionNet"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Sources/VisionServe", swiftSettings: settings),
    .testTarget(
      name: "VisionServiceTests",
      dependencies: [
        "VisionService", .product(name: "VisionNet", package: "VisionNet"),
        .product(name: "VisionServing", package: "VisionNet"),
        .product(name: "VisionSystem", package: "VisionNet"),
        .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
