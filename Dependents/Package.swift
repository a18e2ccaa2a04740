// swift-tools-version: 6.1
import PackageDescription

// A package that depends on VisionNet as those of others do, and imports nothing of it but `VisionNet`: whatever is missing there
// does not build here. `.ci/run` builds and runs it.
let package = Package(
  name: "Dependents",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "VisionNet", path: "..")],
  targets: [
    .executableTarget(
      name: "OwnParts", dependencies: [.product(name: "VisionNet", package: "VisionNet")],
      swiftSettings: [
        .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
