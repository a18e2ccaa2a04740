import Testing
import VisionSystem

@Suite struct UserFoldersTests {
  @Test func theVariablesComeBeforeTheHome() {
    let both = ["XDG_CACHE_HOME": "/c", "XDG_CONFIG_HOME": "/f", "HOME": "/h"]
    #expect(UserFolders.cache(both) == "/c/visionnet")
    #expect(UserFolders.configuration(both) == "/f/visionnet")
    #expect(UserFolders.cache(["HOME": "/h"]) == "/h/.cache/visionnet")
    #expect(UserFolders.configuration(["HOME": "/h"]) == "/h/.config/visionnet")
  }

  @Test func relativePathsDoNotCount() {
    #expect(UserFolders.cache(["XDG_CACHE_HOME": "c", "HOME": "/h"]) == "/h/.cache/visionnet")
    #expect(UserFolders.cache(["XDG_CACHE_HOME": "", "HOME": ""]) != "/.cache/visionnet")
  }
}
