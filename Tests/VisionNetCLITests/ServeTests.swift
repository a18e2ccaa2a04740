import Foundation
import Testing

@testable import VisionNetCLI

@Suite struct ServeTests {
  @Test func theProgramBesideThisOneComesBeforeThoseOfTheSearchPath() throws {
    let folder = try TemporaryFolder()
    func program(in name: String) throws -> String {
      try FileManager.default.createDirectory(
        atPath: folder.file(name), withIntermediateDirectories: true)
      let path = folder.file("\(name)/visionnet-serve")
      #expect(FileManager.default.createFile(atPath: path, contents: nil))
      return path
    }
    let other = try program(in: "other")
    let environment = ["PATH": "\(folder.file("none")):\(folder.file("other"))"]
    let executable = folder.file("own/visionnet")
    #expect(Serve.path(beside: executable, environment) == nil)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: other)
    #expect(Serve.path(beside: executable, environment) == other)
    #expect(Serve.path(beside: nil, environment) == other)
    let own = try program(in: "own")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: own)
    #expect(Serve.path(beside: executable, environment) == own)
    #expect(Serve.path(beside: nil, ["PATH": ""]) == nil)
  }
}
