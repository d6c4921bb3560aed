! The C library, for Fortran. Documents are UTF-8 JSON.
module cs_scale_out_binding
    use, intrinsic :: iso_c_binding
    implicit none
    private
    public :: scale_out, get, status_name

    interface
        function cs_scale_out(json, answer) bind(c) result(status)
            import :: c_char, c_ptr, c_int
            character(kind=c_char), intent(in) :: json(*)
            type(c_ptr), intent(out) :: answer
            integer(c_int) :: status
        end function
        function cs_scale_out_json_get(json, pointer, value) bind(c) result(status)
            import :: c_char, c_ptr, c_int
            character(kind=c_char), intent(in) :: json(*), pointer(*)
            type(c_ptr), intent(out) :: value
            integer(c_int) :: status
        end function
        subroutine cs_scale_out_free(text) bind(c)
            import :: c_ptr
            type(c_ptr), value :: text
        end subroutine
        function cs_scale_out_status_name(status) bind(c) result(name)
            import :: c_ptr, c_int
            integer(c_int), value :: status
            type(c_ptr) :: name
        end function
        function strlen(text) bind(c) result(length)
            import :: c_ptr, c_size_t
            type(c_ptr), value :: text
            integer(c_size_t) :: length
        end function
    end interface

contains

    ! Sends a request, once: its status (0 or negative) and its document.
    subroutine scale_out(request, status, answer)
        character(*), intent(in) :: request
        integer, intent(out) :: status
        character(:), allocatable, intent(out) :: answer
        type(c_ptr) :: text
        if (index(request, c_null_char) > 0) error stop 'the request holds a NUL byte'
        status = cs_scale_out(request//c_null_char, text)
        answer = copy(text)
        call cs_scale_out_free(text)
    end subroutine

    ! One value of a document; not allocated where there is none.
    subroutine get(document, pointer, value)
        character(*), intent(in) :: document, pointer
        character(:), allocatable, intent(out) :: value
        type(c_ptr) :: text
        if (cs_scale_out_json_get(document//c_null_char, pointer//c_null_char, text) == 0) value = copy(text)
        call cs_scale_out_free(text)
    end subroutine

    function status_name(status) result(name)
        integer, intent(in) :: status
        character(:), allocatable :: name
        name = copy(cs_scale_out_status_name(status))
    end function

    function copy(text) result(copied)
        type(c_ptr), intent(in) :: text
        character(:), allocatable :: copied
        character(kind=c_char), pointer :: characters(:)
        integer :: i
        if (.not. c_associated(text)) then ! memory ran out
            copied = ''
            return
        end if
        call c_f_pointer(text, characters, [strlen(text)])
        allocate (character(size(characters)) :: copied)
        do i = 1, size(characters)
            copied(i:i) = characters(i)
        end do
    end function
end module
