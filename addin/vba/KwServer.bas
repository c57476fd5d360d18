Attribute VB_Name = "KwServer"
Option Explicit
Option Private Module

' The only place where this add-in reaches for something outside Excel: the program registered for this user.

Public Function NewServer() As Object
    Set NewServer = CreateObject("Klantwaarde.Engine")
End Function
